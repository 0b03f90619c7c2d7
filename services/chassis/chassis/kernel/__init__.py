"""The words every service shares: ids, clocks, money, periods, addresses, errors. Standard library only."""
