using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Sessions;

/// <summary>What the merchant is told by the write under way of what came for a session.</summary>
internal sealed class SessionVerdicts(PaymentSessionState state)
{
    private readonly List<(SessionVerdict Verdict, LedgerPlace? About, bool IsDust)> _verdicts = [];

    /// <summary>How many they are.</summary>
    public int Count => _verdicts.Count;

    /// <summary>Tells one. What a stranger can send by the stroop is told in sums, one of a write and asset.</summary>
    public void Tell(SessionVerdict verdict, LedgerPlace? about, bool isDust)
    {
        var same = isDust ? _verdicts.FindLastIndex(other => other.IsDust && other.Verdict.Asset == verdict.Asset) : -1;
        if (same < _verdicts.FindLastIndex(other => other.About is null) + 1)
        {
            _verdicts.Add((verdict, about, isDust));
            return;
        }

        var before = _verdicts[same].Verdict;
        // Last among what is told, for it speaks of this place too; but never behind what settles or releases it.
        _verdicts.RemoveAt(same);
        _verdicts.Add((
            before with
            {
                Received = checked(before.Received + verdict.Received),
                Counted = checked(before.Counted + verdict.Counted),
                Kept = checked(before.Kept + verdict.Kept),
                Held = checked(before.Held + verdict.Held),
            },
            about, isDust));
    }

    /// <summary>Puts them into the merchant's inbox.</summary>
    public void Flush()
    {
        var merchant = new LedgerOwner(MerchantState.Name, state.Merchant ?? "");
        foreach (var (verdict, about, _) in _verdicts)
        {
            ((IInboxState)state).Marks().Sent.Add(SentRow.Of(merchant, verdict.ToJson(), about));
        }

        _verdicts.Clear();
    }
}
