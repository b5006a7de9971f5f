namespace StellarPay.Chaos.Plan;

/// <summary>Deals every card once in a drawn order, and then all again in another: so that a short run has seen all.</summary>
internal sealed class Deck<T>(Random random, IEnumerable<T> cards)
{
    private readonly T[] _cards = [.. cards];
    private int _dealt;

    public T Next()
    {
        if (_dealt % _cards.Length == 0)
        {
            random.Shuffle(_cards);
        }

        return _cards[_dealt++ % _cards.Length];
    }
}
