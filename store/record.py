"""The standard record: what every source is brought to before names are matched and places found.

Surveys and GBIF each give an Ibis table with exactly these columns, one row per row read
(`surveys.standard`, `gbif.standard`); `monitoring.records` joins them. Darwin Core spelling.
"""

from __future__ import annotations

import ibis

STANDARD_RECORD = ibis.schema(
    {
        "recordId": "string",  # lasting identity, e.g. gbif:4011…, survey:…
        "source": "string",  # survey | gbif
        "submissionId": "string",
        "sheet": "string",
        "line": "int64",  # line of the file or sheet as the user sees it
        "rowNumber": "int64",  # place among all rows of the submission, from 1
        "firstSeen": "timestamp",
        "occurrenceID": "string",
        "eventKey": "string",
        "datasetKey": "string",
        "license": "string",
        "basisOfRecord": "string",
        "occurrenceStatus": "string",  # detected | notDetected, or the verbatim word where it is neither
        "verbatimScientificName": "string",
        "verbatimVernacularName": "string",
        "verbatimEventDate": "string",
        "eventDate": "string",  # ISO 8601 day or interval; empty where it could not be read
        "eventDateStart": "date",
        "eventDateEnd": "date",
        "verbatimEventTime": "string",
        "eventTime": "string",  # ISO 8601 time or interval of times, local; empty where none could be read
        "verbatimLatitude": "string",
        "verbatimLongitude": "string",
        "verbatimSRS": "string",
        "decimalLatitude": "float64",  # WGS84; empty where it could not be read
        "decimalLongitude": "float64",
        "coordinateUncertaintyInMeters": "float64",
        "coordinateNote": "string",  # how it was read where that was not plain, e.g. zone-assumed
        "coordinateProposal": "string",  # what may have been meant instead
        "verbatimIndividualCount": "string",
        "individualCount": "int64",
        "countMinimum": "int64",  # bounds of individuals where none were counted exactly
        "countMaximum": "int64",
        "countNote": "string",  # unread: the count cell holds no count in any known notation
        "verbatimOrganismQuantity": "string",
        "organismQuantity": "string",
        "organismQuantityType": "string",
        "countryCode": "string",
        "county": "string",
        "locality": "string",
        "locationID": "string",
        "establishmentMeans": "string",
        "degreeOfEstablishment": "string",
        "protocol": "string",  # id of the survey protocol, empty where nothing says so
        "organismID": "string",
        "vegetationLayer": "string",  # tree | shrub | herb | vine | moss, or the verbatim word where it is none
        "verbatimMeasurements": "map<string, string>",  # by term, as written
        "measurements": "map<string, float64>",  # by name with its unit: plantHeightInMeters …
        "missingTerms": "array<string>",  # what the protocol requires and the row leaves empty
        "sex": "string",
        "lifeStage": "string",
        "behavior": "string",
        "identificationVerificationStatus": "string",
        "informationWithheld": "string",
        "dataGeneralizations": "string",
        "observerKey": "uint64",  # digests by which duplicates are found; they are not published
        "catalogKey": "uint64",
        "occurrenceKey": "uint64",
        "unjoinedKey": "string",  # deployment, form or event that the row belongs to and that its file does not hold
        "rowFault": "string",  # empty | total | note | blank | duplicate | … | null: why the row is no record at all
    }
)
