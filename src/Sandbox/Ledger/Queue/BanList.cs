using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Transactions that the queue refuses for some ledgers: applied ones, invalid ones, evicted ones.</summary>
internal sealed class BanList
{
    /// <summary>For how many ledgers a transaction stays banned.</summary>
    public const int Ledgers = 10;

    private readonly LinkedList<HashSet<Hash>> _generations =
        new(Enumerable.Range(0, Ledgers).Select(_ => new HashSet<Hash>()));

    public bool Contains(Hash fullHash) => _generations.Any(generation => generation.Contains(fullHash));

    public void Add(Hash fullHash) => _generations.First!.Value.Add(fullHash);

    public void Shift()
    {
        _generations.RemoveLast();
        _generations.AddFirst(new HashSet<Hash>());
    }
}
