using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Notices;

/// <summary>
/// For how many notices of somebody the day's budget was asked in the present window. The database counts what is sent and keeps back what
/// is more; without this, whoever makes notices of himself all day would use up everybody's budget with what is never sent.
/// </summary>
internal sealed class AskedBudget
{
    private readonly Dictionary<(string User, NoticeKind Kind, MessageChannel Channel), int> _asked = [];
    private DateTimeOffset _since;

    /// <summary>Whether as many were asked for as can be sent; else this is one more.</summary>
    public bool IsEnough(Draft draft, DateTimeOffset now)
    {
        if (now - _since >= NoticeStore.Window)
        {
            _asked.Clear();
            _since = now;
        }

        var key = (draft.Told.User, draft.Kind, draft.Channel);
        var count = _asked.GetValueOrDefault(key);
        _asked[key] = count + 1;
        return count >= NoticeStore.MostOf(draft.Kind, draft.Channel);
    }

    /// <summary>What was asked for is not written after all.</summary>
    public void TakeBack(Draft draft)
    {
        var key = (draft.Told.User, draft.Kind, draft.Channel);
        if (_asked.TryGetValue(key, out var count))
        {
            _asked[key] = Math.Max(0, count - 1);
        }
    }
}
