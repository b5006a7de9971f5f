using StellarPay.Grains.Merchants;
using StellarPay.Grains.PaymentAddresses;

namespace StellarPay.Grains.Sessions;

/// <summary>Who is to look at what a session's write told him, once it is stored. For one activation.</summary>
internal sealed class SessionPokes
{
    private (string Kind, string Key)[] _told = [];
    private string? _accepted;

    /// <summary>Notes whom the write under way tells something.</summary>
    /// <param name="state">The state.</param>
    /// <param name="accepted">The session that is made of a late payment by it; null for none.</param>
    public void Note(PaymentSessionState state, string? accepted)
    {
        // Its own merchant, but where another's has something back that was never for it.
        _told = state.Inbox is { Sent.Count: > 0 } sending ? [.. sending.Sent.Select(row => (row.Kind, row.Key)).Distinct()] : [];
        _accepted = accepted;
    }

    /// <summary>It is stored: waits for nobody.</summary>
    public void Send(IGrainFactory grains)
    {
        var (told, accepted) = (_told, _accepted);
        (_told, _accepted) = ([], null);
        foreach (var (kind, key) in told)
        {
            if (kind == MerchantState.Name)
            {
                grains.GetGrain<IMerchantInternal>(key).PokeAsync().Ignore();
            }
            else if (kind == PaymentAddressState.Name)
            {
                grains.GetGrain<IPaymentAddressInternal>(key).PokeAsync().Ignore();
            }
        }

        if (accepted is not null)
        {
            grains.GetGrain<IPaymentSessionInternal>(accepted).PokeAsync().Ignore();
        }
    }
}
