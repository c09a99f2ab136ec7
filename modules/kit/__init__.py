"""How a module is declared: one typed function, annotated."""

from modules.kit.context import Context
from modules.kit.declaring import Module, module
from modules.kit.errors import *
from modules.kit.params import ALL_COLUMNS, Column, Columns, DataPath, Param, Port, Script, Seed
from modules.kit.schemas import ColumnSchema, ModelSchema, PortSchema, TableSchema
from modules.kit.specs import InputPort, ModuleSpec, OutputPort, Parameter
from modules.kit.tables import (
    Clusterer,
    ClusterModel,
    Learner,
    Model,
    MulticlassClassifier,
    PredictiveModel,
    Regressor,
    Table,
    Transform,
    TwoClassClassifier,
    ancestors_of,
    port_fits,
)

__all__ = [
    "ALL_COLUMNS",
    "ClusterModel",
    "Clusterer",
    "Column",
    "ColumnSchema",
    "Columns",
    "Context",
    "DataPath",
    "InputPort",
    "Learner",
    "Model",
    "ModelSchema",
    "Module",
    "ModuleSpec",
    "MulticlassClassifier",
    "OutputPort",
    "Param",
    "Parameter",
    "Port",
    "PortSchema",
    "PredictiveModel",
    "Regressor",
    "Script",
    "Seed",
    "Table",
    "TableSchema",
    "Transform",
    "TwoClassClassifier",
    "ancestors_of",
    "module",
    "port_fits",
]
