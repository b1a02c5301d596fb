# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tables of facts do not say: folders, look-alike groups, ceilings, Chinese caveats.

A judgement of ours stands here and nowhere else; the reason is beside it.
"""

FOLDERS = {
    "polymer": "polymers", "pollutant": "pollutants", "solvent": "solvents",
    "pesticide": "pesticides", "explosive": "explosives", "drug": "drugs",
    "cutting_agent": "cutting-agents", "mineral": "minerals", "wildlife": "wildlife",
    "confuser": "confusers", "calibration": "calibration",
}

# Members share their bands within what a field instrument resolves, or differ only in ratios.
GROUPS = {
    "mineralised-collagen": "ivory_elephant ivory_mammoth ivory_other bone antler tooth_enamel",
    "keratin": "keratin_horn pangolin_scale tortoiseshell feather hornbill_casque wool hair snake_skin",
    "collagen": "collagen leather shark_fin",
    "wood": "lignin_wood rosewood agarwood",
    "asbestos-mineral": "chrysotile crocidolite amosite tremolite anthophyllite actinolite",
    "carbon": "tyre_wear soot graphite bitumen melanin",
    "hydrocarbon-oil": "mineral_oil diesel engine_oil",
    "triglyceride": "waste_cooking_oil coconut_oil linseed_oil sesame_oil triolein tripalmitin",
    "polymethylene": "pe paraffin_wax beeswax",
    "polyamide": "pa6 pa66",
    "nitrate": "nano3 kno3 nh4no3 ca_no3 pb_no3 ba_no3 anfo",
    "apatite": "hydroxyapatite fluorapatite",
    "aragonite": "aragonite nacre_pearl pearl_dyed_black tridacna",
    "calcite": "calcite mg_calcite eggshell coral_white",
    "polyene-carbonate": "coral_corallium coral_stylaster pearl_freshwater_colour conch_pearl",
    "jarosite": "jarosite natrojarosite",
    "triarylmethane-dye": "malachite_green crystal_violet brilliant_green",
    "bile-acid": "udca tudca tcdca",
    "natural-resin": "amber copal colophony",
}

# In a group, yet the substance's own name stays true for every member of it (the mineral phase), or
# a band tells it apart and the look-alikes are named beside the claim (PE: no CH3 rock near 890).
NAMED_IN_GROUP = {"calcite", "aragonite", "pe"}

# The lines seen may be rare-earth or uranyl luminescence and not Raman bands at all.
LUMINESCENT = {"monazite", "xenotime", "bastnasite", "metatorbernite", "carnotite", "fluorite",
               "cryolite"}

# A claim needs at least three diagnostic bands.
FEWEST_BANDS = 3

CAVEAT_ZH = {
    "HDPE and LDPE have the same bands: only relative 1416/1305 and linewidths differ; paraffin/wax nearly identical.":
        "高密度与低密度聚乙烯谱峰位置相同,仅1416/1305相对强度和线宽有差别;石蜡及蜡类的谱图与之几乎一样。",
    "PBT/PBAT share 1614/1727.": "PBT、PBAT同样具有1614/1727谱峰。",
    "Weak scatterer; RamanMP PVC samples show 620/691-698 instead of 637/694.":
        "散射弱;RamanMP数据集中的PVC样品谱峰为620/691-698,而非637/694。",
    "PA6/PA66 differ by few weak bands; proteins (silk/wool) share amide I.":
        "PA6与PA66仅有少数弱峰不同;蛋白质(丝、毛)同样具有酰胺I峰。",
    "Vulcanised black rubber shows only carbon D/G.": "硫化黑色橡胶只能看到炭黑的D/G峰。",
    "Black-filled rubber shows only carbon D/G.": "填充炭黑的橡胶只能看到炭黑的D/G峰。",
    "Only D/G carbon bands: cannot distinguish soot, tyre, bitumen, char or heated (burnt) sample; D band moves with laser (about 1350 at 532, about 1310-1320 at 785). A D/G pair may be laser damage.":
        "只有碳的D/G峰:不能区分烟炱、轮胎、沥青、炭化物或受热(烧焦)的检材;D峰位置随激光波长变化(532 nm约1350,785 nm约1310-1320)。D/G双峰也可能由激光灼伤造成。",
    "Fluoresces at 532.": "532 nm激发下有荧光。",
    "Strong fluorescence at 532 and 785.": "532 nm和785 nm激发下荧光强。",
    "Nitrocellulose: burns, low power.": "成分为硝化纤维素,易燃烧,须用低功率。",
    "Liquid: measure in glass vial; glass background below 600 and broad near 1400 (785).":
        "液体:在玻璃瓶中测量;600以下有玻璃背景,785 nm激发时1400附近有宽背景。",
    "PAHs fluoresce strongly at 532 and often 785; 1064 or short acquisition.":
        "多环芳烃在532 nm荧光强,785 nm也常有荧光;宜用1064 nm或短时采集。",
    "Used/dark oil fluoresces: often no fingerprint at 532; fuels cannot be told apart by band table alone.":
        "用过的或深色的油有荧光,532 nm常得不到指纹峰;仅凭峰位表不能区分各种燃料油。",
    "Vegetable oils differ only in 1265/1656 vs 1302/1440 ratios.":
        "各种植物油仅1265/1656与1302/1440的强度比不同。",
    "Low confidence.": "可靠性低。",
    "See nh4no3: counter-ion needs +/-1 cm-1.": "参见硝酸铵:判断阳离子要求峰位误差不超过±1 cm-1。",
    "Nitrates differ by 1043/1047/1050/1068: need +/-1 cm-1 axis; many nitrates indistinguishable (Zapata 2018 abstract).":
        "各硝酸盐仅以1043/1047/1050/1068相区别,要求横轴误差不超过±1 cm-1;许多硝酸盐不能区分。",
    "Sensitive: defocus, <=50 mW, no dark mixtures; stand-off. Coloured TNT burns.":
        "敏感物质:须散焦、功率不超过50 mW、不测深色混合物、保持距离。有色TNT会燃烧。",
    "nu1 sulfate 975-1018; need +/-2 cm-1 axis.":
        "硫酸根ν1峰在975-1018之间,要求横轴误差不超过±2 cm-1。",
    "Acid-mine-drainage indicator; hydrated sulfates dehydrate under laser and shift nu1.":
        "酸性矿山排水的指示矿物;含水硫酸盐在激光下会脱水,ν1峰随之移动。",
    "Blue spots in fossil (mammoth) ivory; also sewage sludge phosphate.":
        "可见于化石(猛犸)牙料中的蓝斑;也可见于污泥中的磷酸盐。",
    "nu1 1085-1098: need +/-1 cm-1 axis; lattice modes decide.":
        "ν1峰在1085-1098之间,要求横轴误差不超过±1 cm-1;应以晶格振动峰判断。",
    "Red lead and PbO2 turn to massicot under strong laser (143/289 then appears).":
        "铅丹和二氧化铅在强激光下会变为铅黄(出现143/289峰)。",
    "Green/blue copper minerals absorb 785: heating.": "绿色、蓝色铜矿物吸收785 nm,会发热。",
    "Single sharp C#N line; NaCN vs KCN 10 cm-1 apart; calibrate x-axis. Never acidify.":
        "只有一条尖锐的氰基峰;氰化钠与氰化钾相差10 cm-1,须先校准横轴。严禁酸化。",
    "Cr(III) oxide (553) vs Cr(VI) (840-910). Coloured: absorbs 532, use low power.":
        "三价铬氧化物(553)与六价铬(840-910)可由峰位区分。有色,吸收532 nm,须用低功率。",
    "Realgar converts to pararealgar and burns at 532: low power/785.":
        "雄黄在532 nm下会转变为副雄黄并灼伤,宜用低功率或785 nm。",
    "KClO3 940 vs KClO4 941: decide by 489/979 vs 462/628.":
        "氯酸钾(940)与高氯酸钾(941)须以489/979与462/628峰区分。",
    "Low-shift lines: need edge filter below 150 for calomel. Dark sample heats.":
        "谱峰位移低:测甘汞要求滤光片截止于150以下。深色检材会发热。",
    "CdS resonates at 532 (1LO/2LO), position depends on Se content.":
        "硫化镉在532 nm共振(1LO/2LO),峰位随硒的比例变化。",
    "Iron oxides transform to hematite under laser heating: use <1 mW at 532; magnetite/goethite spectrum may become hematite.":
        "铁氧化物受激光加热会变为赤铁矿:532 nm时功率须低于1 mW;磁铁矿、针铁矿的谱图可能变成赤铁矿的谱图。",
    "Stibnite oxidises to valentinite/senarmontite under laser.":
        "辉锑矿在激光下会氧化为锑华或方锑矿。",
    "Present as pigment in most white plastics/paints: do not call pollutant from TiO2 alone.":
        "大多数白色塑料和涂料以其为颜料:不得仅凭二氧化钛提示为污染物。",
    "Respirable silica: OEL rules; natural sand is no offence.":
        "可吸入二氧化硅按职业接触限值管理;天然砂本身不涉违法。",
    "Non-asbestos sheet silicate; no fibres.": "非石棉的层状硅酸盐,不呈纤维状。",
    "Raman identifies the mineral, not the fibrous habit: microscopy needed. Chemistry shifts 660-675; OH region (3600-3700) separates serpentines; weak scatterers.":
        "拉曼只能提示矿物种类,不能说明是否呈纤维形态:须用显微镜检查。660-675峰随化学组成移动;蛇纹石类可用羟基区(3600-3700)区分;散射弱。",
    "Fluorite: only 321 cm-1; rare-earth luminescence at 532/785 dominates.":
        "萤石只有321 cm-1一个峰;532/785 nm下以稀土发光为主。",
    "No trustworthy band positions found: listed so that the gap is visible.":
        "未找到可信的峰位数据:列出是为了说明此处空缺。",
    "Base/salt forms differ; cutting agents dominate; fluorescence of street heroin.":
        "游离碱与盐的谱图不同;掺杂物的谱峰常占主导;非法流通的海洛因有荧光。",
    "Colourant: often dominates the polymer/matrix spectrum (0.1 % pigment is enough); report colourant and substrate separately.":
        "着色剂:常掩盖聚合物或基体的谱图(0.1 %颜料即可);着色剂与基体应分别报告。",
    "Same apatite+collagen matrix as bone, antler, teeth and mammoth ivory: Raman proves \"dentine/bone-type material\", not species; elephant vs mammoth only by collagen/phosphate ratio with statistics. Fluoresces at 532, often at 785; 1064 best.":
        "与骨、鹿角、牙齿及猛犸牙同为磷灰石和胶原的基质:拉曼只能提示“牙本质/骨类材料”,不能说明物种;象牙与猛犸牙只能以胶原/磷酸盐强度比作统计比较。532 nm有荧光,785 nm也常有,以1064 nm为好。",
    "Lower collagen bands; narrower 960 (higher crystal maturity, Shepherd et al. 2024 PLOS ONE abstract); vivianite blue spots possible. Well-preserved mammoth overlaps elephant.":
        "胶原峰较弱;960峰较窄(结晶度较高);可能有蓝铁矿蓝斑。保存良好的猛犸牙与象牙重叠。",
    "Cannot be separated from elephant ivory by band positions.": "凭峰位不能与象牙区分。",
    "Species cannot be told by Raman; degree of fat (1300/1440/2850) and fluorescence vary.":
        "拉曼不能区分物种;油脂多少(1300/1440/2850)和荧光强弱不一。",
    "Cannot be distinguished from bone.": "不能与骨区分。",
    "No collagen; sharp ceramic phosphate/feldspar bands; low confidence.":
        "无胶原峰;有尖锐的陶瓷磷酸盐、长石峰;可靠性低。",
    "Raman shows keratin only: rhino horn cannot be distinguished from buffalo/cattle/yak horn, hoof or hair by band positions; DNA/morphology needed. Dark horn fluoresces (melanin) at 532/785 and burns: low power.":
        "拉曼只能提示角蛋白:凭峰位不能区分犀角与水牛角、牛角、牦牛角、蹄或毛发,须做DNA或形态学检验。深色角在532/785 nm有荧光(黑色素)且易灼伤,须用低功率。",
    "Keratin; cannot be separated from horn/hoof/nail by bands alone; needs morphology/DNA.":
        "角蛋白;仅凭谱峰不能与角、蹄、甲区分,须做形态学或DNA检验。",
    "beta-keratin with strong Tyr doublet (829/852) vs alpha-keratin horn; imitation celluloid/cellulose acetate/polyester/casein clearly different.":
        "β-角蛋白,酪氨酸双峰(829/852)强,与α-角蛋白的角不同;赛璐珞、醋酸纤维素、聚酯、酪蛋白仿制品的谱图明显不同。",
    "beta-keratin amide I near 1667; pigment bands may dominate; species not identifiable.":
        "β-角蛋白酰胺I峰在1667附近;色素峰可能占主导;不能区分物种。",
    "Red layer shows resonance carotenoid bands; positions here are expectations only. Dyed horn/resin copies show dye bands.":
        "红色层有共振增强的类胡萝卜素峰;此处峰位仅为预期值。染色的角或树脂仿制品会出现染料峰。",
    "Fibre species cannot be told by Raman: microscopy/DNA needed.":
        "拉曼不能区分纤维所属物种:须做显微镜或DNA检验。",
    "Material class only; species not identifiable.": "仅提示材料类别,不能区分物种。",
    "Material class only; species not identifiable. Two broad bands like amorphous carbon.":
        "仅提示材料类别,不能区分物种。两个宽峰与无定形碳相似。",
    "Material class only; species not identifiable. Collagen in skin, fish maw, tendon and gelatin is indistinguishable by band positions.":
        "仅提示材料类别,不能区分物种。皮、鱼肚、筋腱和明胶中的胶原凭峰位不能区分。",
    "Material class only; species not identifiable. Tanned leather fluoresces strongly at 532/785.":
        "仅提示材料类别,不能区分物种。鞣制皮革在532/785 nm荧光强。",
    "Collagen/cartilage only: no species information; gelatin/alginate fakes separable.":
        "仅提示胶原或软骨,没有物种信息;明胶、海藻酸盐仿制品可以区分。",
    "Wood class only.": "仅提示木材类别。",
    "Coloured extractives fluoresce at 532/785; usually no usable fingerprint; species not identifiable by band table.":
        "有色抽提物在532/785 nm有荧光,通常得不到可用的指纹峰;凭峰位表不能区分树种。",
    "Strong fluorescence at 532/785; generic wood bands; species not identifiable.":
        "532/785 nm荧光强;只有木材的一般谱峰;不能区分树种。",
    "Crocins resonate at 532; gardenia gives the same crocins.":
        "西红花苷在532 nm共振;栀子有相同的西红花苷。",
    "Natural pink-red: polyene pair 1128-1130 + 1516-1521 (resonant at 473-532) over (Mg-)calcite 1085-1089; absence with red colour means dye. At 785 polyene bands weaker. Genus only, not species.":
        "天然粉红至红色:在(镁)方解石1085-1089峰之上有多烯双峰1128-1130和1516-1521(473-532 nm共振);呈红色而无此双峰时提示为染色。785 nm时多烯峰较弱。不能区分物种。",
    "Aragonite (703/707) + carotenoid 1159/1516: separable from Corallium (calcite + 1129/1518).":
        "文石(703/707)加类胡萝卜素1159/1516:可与红珊瑚属(方解石加1129/1518)区分。",
    "Mg-calcite position shifts with Mg; white Corallium = bamboo coral for Raman.":
        "镁方解石峰位随镁的比例移动;白色红珊瑚与竹节珊瑚的拉曼谱图没有差别。",
    "Aragonite doublet 701/705; cannot separate pearl, shell, Tridacna, aragonitic coral.":
        "文石双峰701/705;不能区分珍珠、贝壳、砗磲和文石质珊瑚。",
    "Pure aragonite: not separable from other white shell or nacre.":
        "纯文石谱图:不能与其他白色贝壳或珍珠层区分。",
    "Calcite (birds) vs aragonite (sea turtles).": "鸟类蛋壳为方解石,海龟蛋壳为文石。",
    "No stored reference spectrum found; three group-frequency estimates only; fluoresces. Measure a genuine standard.":
        "没有参考光谱;仅有三个基团频率估计值;有荧光。须先测量真品标准物质。",
    "Bile acids give similar steroid fingerprints; entries are group-frequency estimates; bile powder is dark and fluorescent.":
        "各胆汁酸的甾体指纹峰相近;此处为基团频率估计值;胆粉色深且有荧光。",
    "Plant squalene is identical.": "植物来源的角鲨烯谱图与之没有差别。",
    "Fluoresces at 532/785; ratio 1645/1450 drops with maturity: treated copal overlaps amber.":
        "532/785 nm有荧光;1645/1450强度比随成熟度下降;经处理的柯巴树脂与琥珀重叠。",
    "See amber; heat/pressure treated copal approaches amber (Crystals 2021, 11, 1223).":
        "参见琥珀;经加热加压处理的柯巴树脂接近琥珀。",
    "Polysaccharide (mannan); no phosphate 960.": "多糖(甘露聚糖);没有960磷酸根峰。",
    "Rare-earth luminescence dominates at 532/785: lines seen may not be Raman; check with two lasers.":
        "532/785 nm下以稀土发光为主:所见谱线未必是拉曼峰,须用两种激光核对。",
    "Calibration reference.": "校准用参考物质。",
}
# Facts whose caveat joins two of these sentences are joined in Chinese too (see the converter).
