"""One small operation of eager PyTorch: eager.py INPUTS. The seconds are those of one addition."""
import torch

from measure import best

x = torch.ones(8)
additions = 100_000


def add():
    with torch.no_grad():
        for _ in range(additions):
            torch.add(x, x)


best(add, 5, units=additions)
