using Microsoft.Extensions.Options;
using StellarPay.Grains.Platform;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Network;

/// <summary>A transaction of an account to be built.</summary>
/// <param name="Source">The account's address.</param>
/// <param name="SequenceNumber">The sequence number to use.</param>
/// <param name="Operations">What it does, in order.</param>
/// <param name="Memo">The memo; <see cref="Stellar.Xdr.Memo.None"/> for none.</param>
/// <param name="MaxTime">The last moment at which a ledger may apply it.</param>
/// <param name="PaysOwnFee">Whether the account pays for it; else it gets a fee-bump.</param>
internal sealed record TransactionOrder(
    string Source, long SequenceNumber, IReadOnlyList<Operation> Operations, Memo Memo, DateTimeOffset MaxTime,
    bool PaysOwnFee = false);

/// <summary>A transaction that wants signatures.</summary>
internal sealed record UnsignedTransaction(TransactionV1Envelope Envelope, byte[] Hash)
{
    public string HashText => Convert.ToHexStringLower(Hash);

    public string Source => Envelope.Transaction.Source.AccountId.ToString();

    public long SequenceNumber => Envelope.Transaction.Sequence;

    public int Operations => Envelope.Transaction.Operations.Count;
}

/// <summary>A signed transaction for which a fee account is to pay.</summary>
/// <param name="Envelope">The transaction.</param>
/// <param name="SignedBy">The public key that has just signed it here; null where its signatures are not known.</param>
internal sealed record UnpaidTransaction(TransactionV1Envelope Envelope, string? SignedBy = null);

/// <summary>Builds the transactions that the grains send, for the network that they are on.</summary>
internal sealed class TransactionFactory(IOptions<NetworkOptions> options)
{
    private readonly StellarNetwork _network = new(options.Value.Passphrase);

    /// <summary>A transaction. Where it gets a fee-bump, its own fee is the least there is: the fee-bump's counts.</summary>
    public UnsignedTransaction Build(TransactionOrder order)
    {
        var builder = new TransactionBuilder(AccountId.Parse(order.Source), order.SequenceNumber)
            .WithTimeBounds(notBefore: null, order.MaxTime);
        if (order.PaysOwnFee)
        {
            builder.WithBaseFee(options.Value.FeeBidStroops);
        }

        foreach (var operation in order.Operations)
        {
            builder.Add(operation);
        }

        return Unsigned(builder.WithMemo(order.Memo).Build());
    }

    /// <summary>
    /// The operation that sets so many stroops aside: the recipient may claim them at any time, the payer from a moment on.
    /// </summary>
    public static OperationBody Claimable(string payer, string recipient, string asset, long stroops, DateTimeOffset reclaimableAfter) =>
        new CreateClaimableBalanceOperation(
            ToXdr(asset),
            stroops,
            [
                new Claimant(AccountId.Parse(recipient), ClaimUnconditional.Instance),
                new Claimant(
                    AccountId.Parse(payer), new ClaimNot(new ClaimBeforeAbsoluteTime(reclaimableAfter.ToUnixTimeSeconds()))),
            ]);

    /// <summary>The operation that claims a balance.</summary>
    public static OperationBody Claim(string balanceId) => ClaimableBalanceId.TryParse(balanceId, out var id)
        ? new ClaimClaimableBalanceOperation(id)
        : throw new InvalidOperationException($"'{balanceId}' is no claimable balance's id.");

    /// <summary>The operation by which an account trusts an asset without a bound of its own.</summary>
    public static OperationBody AddTrustline(string asset) => new ChangeTrustOperation(ToXdr(asset), long.MaxValue);

    /// <summary>The operation by which an account trusts an asset no more, of which it holds nothing.</summary>
    public static OperationBody RemoveTrustline(string asset) => new ChangeTrustOperation(ToXdr(asset), Limit: 0);

    /// <summary>The operation by which an account takes no more of an asset than so many stroops.</summary>
    public static OperationBody LimitTrustline(string asset, long limit) => new ChangeTrustOperation(ToXdr(asset), limit);

    /// <summary>The operation that gives an account up, and its XLM to another one.</summary>
    public static OperationBody Merge(string destination) => new AccountMergeOperation(MuxedAccount.Parse(destination));

    /// <summary>The operation that pays so many stroops.</summary>
    public static OperationBody Payment(string destination, string asset, long stroops) =>
        new PaymentOperation(MuxedAccount.Parse(destination), ToXdr(asset), stroops);

    /// <summary>The creation of an account under sponsorship (CAP-33), trustlines included, in a transaction of its sponsor.</summary>
    public static IEnumerable<Operation> Opening(OpeningRequest request)
    {
        var account = AccountId.Parse(request.Address);
        yield return new Operation(null, new BeginSponsoringFutureReservesOperation(account));
        if (request.Create)
        {
            yield return new Operation(null, new CreateAccountOperation(account, StartingBalance: 0));
        }

        foreach (var asset in request.Trustlines)
        {
            yield return new Operation(account, new ChangeTrustOperation(ToXdr(asset), long.MaxValue));
        }

        yield return new Operation(account, EndSponsoringFutureReservesOperation.Instance);
    }

    /// <summary>The most that is bid at first for so many operations as a fee-bump, which counts as one operation more.</summary>
    public long FeeBid(int operations) => (long)options.Value.FeeBidStroops * (operations + 1);

    /// <summary>Reads an envelope that a sponsor has signed.</summary>
    public UnsignedTransaction Read(string envelope) =>
        TransactionEnvelope.FromXdrBase64(envelope) is TransactionV1Envelope v1
            ? new UnsignedTransaction(v1, v1.HashOn(_network).ToArray())
            : throw new InvalidOperationException("The envelope is not of the present kind.");

    /// <summary>A transaction that may have signatures, with the hash that its signers sign.</summary>
    public UnsignedTransaction Hashed(TransactionV1Envelope envelope) => new(envelope, envelope.HashOn(_network).ToArray());

    /// <summary>What is inside a fee-bump.</summary>
    public static UnpaidTransaction Unwrap(string feeBump) =>
        TransactionEnvelope.FromXdrBase64(feeBump) is FeeBumpTransactionEnvelope bump
            ? new UnpaidTransaction(bump.Transaction.Inner)
            : throw new InvalidOperationException("The envelope is no fee-bump.");

    /// <summary>Adds a signature that was made here a moment ago; that it is one need not be verified again.</summary>
    public UnpaidTransaction Sign(UnsignedTransaction transaction, string signer, byte[] signature) => new(
        transaction.Envelope.AddSignature(
            new DecoratedSignature(AccountId.Parse(signer).SignatureHint(), Bytes.Create(signature))), signer);

    /// <summary>Adds a signature that was made elsewhere, which is verified.</summary>
    /// <exception cref="ArgumentException">It is none of this transaction.</exception>
    public UnpaidTransaction Cosign(UnpaidTransaction transaction, string signer, byte[] signature) =>
        transaction with { Envelope = transaction.Envelope.AddSignature(_network, AccountId.Parse(signer), signature) };

    /// <summary>A signed transaction in base64 XDR.</summary>
    public static string Text(UnpaidTransaction transaction) => ((TransactionEnvelope)transaction.Envelope).ToXdrBase64();

    /// <summary>The fee-bump of a signed transaction, and the hash that its payer has to sign.</summary>
    public (FeeBumpTransactionEnvelope Envelope, byte[] Hash) FeeBump(
        TransactionV1Envelope inner, string feeSource, long feeStroops)
    {
        var baseFee = feeStroops / (inner.Transaction.Operations.Count + 1);
        var bump = Stellar.Transactions.FeeBump.Wrap(inner, AccountId.Parse(feeSource), baseFee);
        return (new FeeBumpTransactionEnvelope(bump, []), bump.HashOn(_network).ToArray());
    }

    /// <summary>Adds the payer's signature to a fee-bump, and gives the envelope in base64 XDR.</summary>
    public string AddSignature(FeeBumpTransactionEnvelope envelope, string signer, byte[] signature) =>
        envelope.AddSignature<TransactionEnvelope>(_network, AccountId.Parse(signer), signature).ToXdrBase64();

    /// <summary>Whether a key has signed a transaction.</summary>
    public bool IsSignedBy(TransactionV1Envelope envelope, string signer) =>
        envelope.IsSignedBy(_network, AccountId.Parse(signer));

    private static Stellar.Xdr.Asset ToXdr(string canonical) => Stellar.Xdr.Asset.Parse(canonical);

    /// <summary>A transaction that was built elsewhere, with the hash that its signers sign.</summary>
    public UnsignedTransaction Unsigned(Transaction transaction) =>
        new(new TransactionV1Envelope(transaction, []), transaction.HashOn(_network).ToArray());
}
