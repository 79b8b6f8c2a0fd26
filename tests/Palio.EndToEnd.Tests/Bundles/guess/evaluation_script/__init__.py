from .main import evaluate
