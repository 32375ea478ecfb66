"""Files of names for tests: small checklists in every form that is read."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

META = """<archive xmlns="http://rs.tdwg.org/dwc/text/" metadata="eml.xml">
<core rowType="http://rs.tdwg.org/dwc/terms/{core}" encoding="UTF-8" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n"
 fieldsEnclosedBy="" ignoreHeaderLines="1"><files><location>taxon.txt</location></files><id index="0"/>
<field index="1" term="http://rs.tdwg.org/dwc/terms/scientificName"/>
<field index="2" term="http://rs.tdwg.org/dwc/terms/acceptedNameUsageID"/></core>
<extension rowType="http://rs.gbif.org/terms/1.0/Distribution" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n"
 fieldsEnclosedBy="" ignoreHeaderLines="1"><files><location>distribution.txt</location></files><coreid index="0"/>
<field index="1" term="http://rs.tdwg.org/dwc/terms/countryCode"/>
<field index="2" term="http://rs.tdwg.org/dwc/terms/establishmentMeans"/></extension>
<extension rowType="http://rs.gbif.org/terms/1.0/SpeciesProfile" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n"
 fieldsEnclosedBy="" ignoreHeaderLines="1"><files><location>profile.txt</location></files><coreid index="0"/>
<field index="1" term="http://rs.gbif.org/terms/1.0/isInvasive"/></extension>
<extension rowType="http://rs.gbif.org/terms/1.0/VernacularName" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n"
 fieldsEnclosedBy="" ignoreHeaderLines="1"><files><location>vernacular.txt</location></files><coreid index="0"/>
<field index="1" term="http://rs.tdwg.org/dwc/terms/vernacularName"/>
<field index="2" term="http://purl.org/dc/terms/language"/></extension>
</archive>"""
EML = (
    "<eml><dataset><title>A checklist</title><intellectualRights><para><ulink url='https://cc/by'/></para>"
    "</intellectualRights></dataset><additionalMetadata><metadata><gbif><citation>Somebody (2026)</citation></gbif>"
    "</metadata></additionalMetadata></eml>"
)
DARWIN_CORE = {
    "meta.xml": META.format(core="Taxon"),
    "eml.xml": EML,
    "taxon.txt": "id\tname\taccepted\n1\tPontederia crassipes Mart.\t\n2\tEichhornia crassipes (Mart.) Solms\t1\n",
    "distribution.txt": "id\tcountry\tmeans\n1\tCN\tAlien\n",
    "profile.txt": "id\tinvasive\n1\tInvasive\n",
    "vernacular.txt": "id\tname\tlanguage\n1\t凤眼蓝\tzho\n1\twater hyacinth\ten\n",
}
NAME_USAGE = {
    "metadata.yaml": "title: A package\nlicense: CC0\ncitation: Somebody\n",
    "NameUsage.tsv": "col:ID\tcol:parentID\tcol:status\tcol:scientificName\tcol:authorship\tcol:rank\n"
    "a\t\taccepted\tPontederia crassipes\tMart.\tspecies\nb\ta\tsynonym\tEichhornia crassipes\tSolms\tspecies\n",
    "VernacularName.tsv": "col:taxonID\tcol:name\tcol:language\na\t凤眼蓝\tzho\n",
    "Distribution.tsv": "col:taxonID\tcol:area\tcol:establishmentMeans\na\tiso:CN\tintroduced\n",
}
NAME_AND_TAXON = {
    "Name.csv": "ID,scientificName,authorship,rank\nn1,Pontederia crassipes,Mart.,species\n"
    "n2,Eichhornia crassipes,Solms,species\n",
    "Taxon.csv": "ID,nameID\nt1,n1\n",
    "Synonym.csv": "taxonID,nameID\nt1,n2\n",
}
CHINESE_LIST = "中文名,学名,接受名,分布\n凤眼蓝,Pontederia crassipes,,栽培：北京、山西\n,Eichhornia crassipes,Pontederia crassipes,\n"


def write_zip(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
