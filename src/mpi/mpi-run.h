/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <mpi.h>

/* What both programs have of MPI around their work. */

/** MpiPlace: which of how many processes this one is. */
typedef struct {
    int rank, n_ranks;
} MpiPlace;

/** mpi_all_agree: waits for all. Returns: whether every process got here with TRUE; those that did
 * not have said why. */
static inline gboolean mpi_all_agree(gboolean mine)
{
    int ok = mine ? 1 : 0, all = 0;
    MPI_Allreduce(&ok, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return all != 0;
}

/** mpi_begin: Returns: where this process stands; before any thread of ours. */
static inline MpiPlace mpi_begin(int *argc, char ***argv)
{
    MpiPlace place = {0};
    MPI_Init(argc, argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &place.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &place.n_ranks);
    return place;
}

/** mpi_end: @mine: this process' exit status. Returns: the worst of all. */
static inline int mpi_end(int mine)
{
    int worst = 0;
    MPI_Allreduce(&mine, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    MPI_Finalize();
    return worst;
}
