using StellarPay.Adapters.Postgres.Lists;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>The database's lists, which count how often something of them is looked for by itself.</summary>
internal sealed class CountedReads(IObjectLists lists) : IObjectLists
{
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public Task<ObjectPage> ReadAsync(ObjectQuery query, CancellationToken cancellationToken) => lists.ReadAsync(query, cancellationToken);

    public Task<byte[]?> FindAsync(string kind, string id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return lists.FindAsync(kind, id, cancellationToken);
    }
}
