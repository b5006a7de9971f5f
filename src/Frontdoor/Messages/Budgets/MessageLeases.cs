namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>
/// What a front door has in hand of budgets that everybody takes from, so that not each message writes one row of the database. It was
/// counted when it was taken; a front door that stops loses what it holds.
/// </summary>
internal sealed class MessageLeases
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MessageCount, (DateOnly Day, int Left)> _held = [];

    /// <summary>Takes one; false where nothing is in hand for that day.</summary>
    public bool TryTake(MessageCount count, DateOnly day)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(count, out var held) || held.Day != day || held.Left == 0)
            {
                return false;
            }

            _held[count] = (day, held.Left - 1);
            return true;
        }
    }

    /// <summary>Puts some in hand.</summary>
    public void Put(MessageCount count, DateOnly day, int more)
    {
        lock (_gate)
        {
            // Of a day that comes nothing is kept: what waits for it takes each from the database.
            var held = _held.GetValueOrDefault(count);
            _held[count] = held.Day == day ? (day, held.Left + more) : held.Day < day ? (day, more) : held;
        }
    }
}
