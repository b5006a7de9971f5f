using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // More than anybody can look after by hand; beyond, the wallet's operations wait outside, in their order.
    private const int MaxParked = 64;

    public async Task<bool> ParkAsync(long pagingToken)
    {
        RequireSound();
        if (State.Owner is null)
        {
            throw new InvalidOperationException($"Wallet {_key} has an address but no state.");
        }

        if (IsParked(pagingToken))
        {
            return true;
        }

        if (State.Parked?.Count >= MaxParked)
        {
            throw new InvalidOperationException($"Wallet {_key} has {MaxParked} parked operations already.");
        }

        if (!_book.Park(pagingToken))
        {
            return false;
        }

        await SaveAsync();
        return true;
    }

    public async Task ApplyParkedAsync(LedgerOperation operation)
    {
        RequireSound();
        if (!IsParked(operation.PagingToken))
        {
            await ApplyOperationsAsync([operation]);
            return;
        }

        if (Change(() => _book.ApplyParked(operation, Now)))
        {
            await SaveAsync(FaultPoint.PaymentSettling);
            await StartNextAsync();
        }
    }

    private bool IsParked(long pagingToken) => State.Parked?.Contains(pagingToken) is true;

    // A change that broke off has left half of itself in memory: this activation serves nobody any more, for the next
    // write would store that half.
    private bool Change(Func<bool> change)
    {
        try
        {
            return change();
        }
        catch
        {
            _unsound = true;
            StopBackgroundWork();
            DeactivateOnIdle();
            throw;
        }
    }
}
