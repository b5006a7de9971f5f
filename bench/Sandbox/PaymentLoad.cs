using StellarPay.Sandbox;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Sandbox;

/// <summary>
/// Accounts that pay each other on a sandbox network, each once a ledger, as the queue allows. Signing is done before
/// the clock runs: it is the clients' work.
/// </summary>
internal sealed class PaymentLoad : IDisposable
{
    private const int AccountsPerTransaction = 100;
    private const long StartingBalance = 1_000 * 10_000_000L;

    private readonly SandboxNetwork _network;
    private readonly SigningKey[] _keys;
    private readonly long[] _sequences;

    private PaymentLoad(SandboxNetwork network, int accounts)
    {
        _network = network;
        _keys = [.. Enumerable.Range(0, accounts).Select(_ => SigningKey.Generate())];
        _sequences = new long[accounts];
    }

    public int Accounts => _keys.Length;

    /// <summary>Creates the accounts. The network's clock is stopped; a ledger closes for each hundred.</summary>
    public static PaymentLoad Create(SandboxHost host, int accounts)
    {
        var load = new PaymentLoad(host.Network, accounts);
        var root = host.Network.Keys.Root;
        var sequence = host.Network.Read(uint.MaxValue, view => view.Account(root.AccountId)!.Sequence);
        foreach (var batch in load._keys.Chunk(AccountsPerTransaction))
        {
            var builder = new TransactionBuilder(root.AccountId, ++sequence).WithoutTimeBounds();
            foreach (var key in batch)
            {
                builder.Add(new CreateAccountOperation(key.AccountId, StartingBalance));
            }

            load.Accept(builder.Build().Sign(host.Network.Identity, root));
            host.Network.CloseLedger();
        }

        for (var i = 0; i < accounts; i++)
        {
            var id = load._keys[i].AccountId;
            load._sequences[i] = host.Network.Read(uint.MaxValue, view => view.Account(id)!.Sequence);
        }

        return load;
    }

    /// <summary>One signed payment of each account, in base64 XDR.</summary>
    public string[] SignRound()
    {
        var envelopes = new string[_keys.Length];
        Parallel.For(0, _keys.Length, i => envelopes[i] = new TransactionBuilder(_keys[i].AccountId, ++_sequences[i])
            .WithoutTimeBounds()
            .Add(new PaymentOperation(_keys[(i + 1) % _keys.Length].AccountId, Asset.Native, 1 + i))
            .Build()
            .Sign(_network.Identity, _keys[i])
            .ToXdrBase64());
        return envelopes;
    }

    /// <summary>Decodes, verifies and queues a transaction, and insists that it was taken.</summary>
    public void Accept(string envelope) => Accept(TransactionEnvelope.FromXdrBase64(envelope));

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private void Accept(TransactionEnvelope envelope)
    {
        var submission = _network.Submit(_network.FrameOf(envelope));
        if (submission.Status != StellarPay.Sandbox.Ledger.SubmissionStatus.Pending)
        {
            throw new InvalidOperationException($"The sandbox refused a payment: {submission.Status}, {submission.Result?.Code}.");
        }
    }
}
