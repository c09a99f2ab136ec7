"""How a module is declared: one typed function, annotated."""

from modules.kit.context import Context, Sandbox
from modules.kit.declaration import Catalog, Definition, Module, module
from modules.kit.errors import *
from modules.kit.params import ALL_COLUMNS, Column, Columns, DataPath, Param, Script, Seed
from modules.kit.ports import (
    Classifier,
    Clusterer,
    ClusterModel,
    Learner,
    Model,
    MulticlassClassifier,
    Port,
    PredictiveModel,
    RecommenderModel,
    Regressor,
    SupervisedLearner,
    Table,
    Transform,
    TwoClassClassifier,
    port_fits,
    port_types,
)
from modules.kit.schema import ColumnSchema, ModelSchema, TableSchema
from modules.kit.spec import InputPort, ModuleSpec, OutputPort, Parameter

__all__ = [
    "ALL_COLUMNS",
    "Catalog",
    "Classifier",
    "ClusterModel",
    "Clusterer",
    "Column",
    "ColumnSchema",
    "Columns",
    "Context",
    "DataPath",
    "Definition",
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
    "PredictiveModel",
    "RecommenderModel",
    "Regressor",
    "Sandbox",
    "Script",
    "Seed",
    "SupervisedLearner",
    "Table",
    "TableSchema",
    "Transform",
    "TwoClassClassifier",
    "module",
    "port_fits",
    "port_types",
]
