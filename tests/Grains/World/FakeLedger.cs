using System.Globalization;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;

namespace StellarPay.Grains.Tests.World;

/// <summary>
/// As much of a Stellar ledger as payments need: real envelopes, real signatures and sequence numbers, a ledger for each
/// transaction. Not safe for several threads; <see cref="FakeNetwork"/> takes turns.
/// </summary>
internal sealed partial class FakeLedger(StellarNetwork network)
{
    public const string BadSequence = "tx_bad_seq";
    public const long FirstSequence = 1000;
    public const string InsufficientFee = "tx_insufficient_fee";

    /// <summary>What a fee-bump must bid at least.</summary>
    public long MinimumFee { get; set; }

    public FakeMarket Market { get; } = new();

    public Dictionary<string, FakeAccount> Accounts { get; } = [];

    /// <summary>What each ledger holds, by fee-bump hash (or plain hash).</summary>
    public Dictionary<string, AppliedTransaction> Applied { get; } = [];

    public List<LedgerOperation> Operations { get; } = [];

    /// <summary>How each transaction ended, failed ones too.</summary>
    public List<LedgerOutcome> Outcomes { get; } = [];

    /// <summary>What could not be read, beside the operations.</summary>
    public List<UnreadOperation> Unread { get; } = [];

    public long Sequence { get; private set; } = FirstSequence;

    /// <summary>Which network this is: each time that it begins again, it is another one.</summary>
    public int Epoch { get; private set; }

    /// <summary>Is called when a transaction has been applied whole, before anybody can do more.</summary>
    public Action? OnApplied { get; set; }

    /// <summary>How far the network's clock is ahead of ours.</summary>
    public TimeSpan ClockOffset { get; set; }

    public DateTimeOffset ClosedAt { get; private set; }

    public void Close()
    {
        Sequence++;
        var now = TimeProvider.System.GetUtcNow() + ClockOffset;
        ClosedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
    }

    /// <summary>Forgets everything and begins again, some ledgers on.</summary>
    public void BeginAgain(long sequence)
    {
        Epoch++;
        Sequence = sequence;
        Accounts.Clear();
        Applied.Clear();
        Operations.Clear();
        Outcomes.Clear();
        Unread.Clear();
    }

    public LedgerMark MarkOf(long sequence) => new(sequence, HashOf(sequence), HashOf(sequence - 1), ClosedAt);

    /// <summary>Applies an envelope in a ledger of its own, unless one holds it already; or refuses it.</summary>
    public (string? Refusal, AppliedTransaction? Applied) Apply(string envelope)
    {
        var outer = TransactionEnvelope.FromXdrBase64(envelope);
        var inner = outer is FeeBumpTransactionEnvelope bump ? bump.Transaction.Inner : (TransactionV1Envelope)outer;
        var hash = outer.HashOn(network).ToString();
        if (Applied.TryGetValue(hash, out var before))
        {
            return (null, before);
        }

        Close();
        if (outer is FeeBumpTransactionEnvelope poor && poor.Transaction.Fee < MinimumFee)
        {
            return (InsufficientFee, null);
        }

        var refusal = Refusal(outer, inner);
        if (refusal is not null)
        {
            return (refusal, null);
        }

        var innerHash = inner.HashOn(network).ToString();
        Accounts[Address(inner.Transaction.Source)].Sequence = inner.Transaction.Sequence;
        var codes = Check(inner);
        var code = codes.FirstOrDefault(c => c != "op_success");
        var innerHashOrNull = outer is FeeBumpTransactionEnvelope ? innerHash : null;
        Applied[hash] = new AppliedTransaction(hash, innerHash, Sequence, code, code is null ? null : codes);
        Outcomes.Add(OutcomeOf(outer, inner, Applied[hash], innerHashOrNull));
        var index = 0;
        foreach (var operation in inner.Transaction.Operations)
        {
            Record(operation, inner.Transaction, hash, innerHashOrNull, code is null, ++index);
        }

        OnApplied?.Invoke();
        return (null, Applied[hash]);
    }

    /// <summary>Moves an asset by nobody's transaction, as an issuer or friendbot would.</summary>
    public void Pay(string from, string to, string asset, long stroops)
    {
        Close();
        Accounts[to].Add(asset, stroops);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        Operations.Add(new LedgerOperation(
            Sequence << 32, hash, null, true, "payment", from, to, new Amount(Money.Asset.Parse(asset), stroops), null, Sequence,
            ClosedAt));
    }

    private string HashOf(long sequence) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($"{Epoch}/{sequence}")));

    private string? Refusal(TransactionEnvelope outer, TransactionV1Envelope inner)
    {
        if (!Accounts.TryGetValue(Address(inner.Transaction.Source), out var source))
        {
            return "tx_no_source_account";
        }

        if (inner.Transaction.Preconditions.TimeBounds is { } bounds
            && (ulong)ClosedAt.ToUnixTimeSeconds() > bounds.MaxTime)
        {
            return "tx_too_late";
        }

        if (inner.Transaction.Sequence != source.Sequence + 1)
        {
            return BadSequence;
        }

        var signed = IsSigned(inner, inner.Transaction.Source)
            && inner.Transaction.Operations.All(o => o.Source is not { } s || IsSigned(inner, s))
            && (outer is not FeeBumpTransactionEnvelope bump
                || bump.IsSignedBy(network, bump.Transaction.FeeSource.AccountId));
        return signed ? null : "tx_bad_auth";
    }

    private LedgerOutcome OutcomeOf(
        TransactionEnvelope outer, TransactionV1Envelope inner, AppliedTransaction applied, string? innerHash) => new(
        (Sequence << 32) | (1L << 12),
        applied.Hash,
        innerHash,
        applied.Code is null,
        Address(inner.Transaction.Source),
        inner.Transaction.Sequence,
        [
                .. inner.Transaction.Operations.Select(o => Address(o.Source ?? inner.Transaction.Source))
                    .Append(Address(inner.Transaction.Source)).Distinct(),
            ],
        applied.Code,
        applied.OperationCodes,
        outer is FeeBumpTransactionEnvelope bump ? Address(bump.Transaction.FeeSource) : Address(inner.Transaction.Source),
        FeeStroops: 0,
        Sequence,
        ClosedAt);

    // By one of the account's signers; one that is not there yet has its own key.
    private bool IsSigned(TransactionV1Envelope envelope, MuxedAccount account) =>
        (Accounts.TryGetValue(Address(account), out var found) && found.Signers.Count > 0 ? found.Signers : [Address(account)])
            .Any(signer => envelope.IsSignedBy(network, AccountId.Parse(signer)));

    // Applies all operations, or none, and says how each fared, as the network does: on balances that those before it left.
    private string[] Check(TransactionV1Envelope inner)
    {
        var source = Address(inner.Transaction.Source);
        var spent = new Dictionary<string, long>();
        string[] codes =
        [
            .. inner.Transaction.Operations.Select(operation => operation.Body switch
            {
                { } body when TransferOf(body) is { } transfer =>
                    Payable(operation.Source is { } own ? Address(own) : source, transfer, spent),
                CreateClaimableBalanceOperation create => Creatable(source, create, spent),
                ClaimClaimableBalanceOperation claim => Claimed(source, claim),
                ChangeTrustOperation trust when operation.Source is null => Limitable(source, trust, spent),
                AccountMergeOperation merge => Mergeable(source, merge, inner.Transaction),
                CreateAccountOperation create => Accounts.ContainsKey(create.Destination.ToString()) ? "op_already_exists" : "op_success",
                _ => "op_success",
            }),
        ];
        if (codes.All(code => code == "op_success"))
        {
            foreach (var operation in inner.Transaction.Operations)
            {
                Execute(operation.Source is { } own ? Address(own) : source, operation.Body);
            }
        }

        return codes;
    }

    private void Execute(string source, OperationBody body)
    {
        switch (body)
        {
            case var _ when TransferOf(body) is { } transfer:
                Accounts[source].Add(transfer.SourceAsset, -transfer.Sent);
                Accounts[transfer.To].Add(transfer.Asset, transfer.Received);
                break;
            case CreateAccountOperation create:
                Accounts[source].Add("native", -create.StartingBalance);
                Accounts[create.Destination.ToString()] = new FakeAccount { Sequence = Sequence << 32, Native = create.StartingBalance };
                break;
            case ChangeTrustOperation { Limit: 0 } trust:
                Accounts[source].Trustlines.Remove(trust.Line.Asset!.Value.ToString());
                break;
            case AccountMergeOperation merge:
                Merge(source, merge);
                break;
            case ChangeTrustOperation trust:
                var trusted = trust.Line.Asset!.Value.ToString();
                Accounts[source].Trustlines.TryAdd(trusted, new FakeTrustline());
                Accounts[source].Trustlines[trusted].Limit = trust.Limit;
                break;
            case SetOptionsOperation { Signer: { } signer } options:
                Accounts[source].Set(signer, options.MasterWeight, source);
                break;
            case ManageDataOperation { Value: { } value } data:
                Accounts[source].Data[data.Name.ToString()] = value.AsSpan().ToArray();
                break;
        }
    }

    private void Record(
        Operation operation, Transaction transaction, string hash, string? innerHash, bool successful, int index)
    {
        var token = (Sequence << 32) | (1L << 12) | (uint)index;
        if (RecordClaim(operation, transaction, token, hash, innerHash, successful))
        {
            return;
        }

        var source = Address(operation.Source ?? transaction.Source);
        var (memo, memoType) = transaction.Memo switch
        {
            MemoText text => (text.Text.ToString(), "text"),
            MemoId id => (id.Id.ToString(CultureInfo.InvariantCulture), "id"),
            _ => default((string?, string?)),
        };
        var moved = operation.Body switch
        {
            { } body when TransferOf(body) is { } transfer => (transfer.Type, transfer.To, transfer.Amount, transfer.SourceAmount),
            AccountMergeOperation m when successful => (
                "account_merge", Address(m.Destination), new Amount(Money.Asset.Native, _merged[source]), null),
            CreateAccountOperation c => ("create_account", c.Destination.ToString(), new Amount(Money.Asset.Native, c.StartingBalance), null),
            _ => default((string, string, Amount, Amount?)?),
        };
        if (moved is var (type, to, amount, sent))
        {
            Operations.Add(new LedgerOperation(
                token, hash, innerHash, successful, type, source, to, amount, memo, Sequence,
                ClosedAt, sent, MuxedOf(operation.Source ?? transaction.Source), ToMuxedOf(operation.Body), MemoType: memoType));
        }
    }

    private static string? ToMuxedOf(OperationBody body) => body switch
    {
        PaymentOperation payment => MuxedOf(payment.Destination),
        PathPaymentStrictReceiveOperation path => MuxedOf(path.Destination),
        PathPaymentStrictSendOperation path => MuxedOf(path.Destination),
        AccountMergeOperation merge => MuxedOf(merge.Destination),
        _ => null,
    };

    private static string? MuxedOf(MuxedAccount account) => account.Id is null ? null : account.ToString();

    private static string Address(MuxedAccount account) => account.AccountId.ToString();
}

/// <summary>A transaction that a ledger holds; <see cref="Code"/> is null where it succeeded.</summary>
internal sealed record AppliedTransaction(
    string Hash, string InnerHash, long Ledger, string? Code, string[]? OperationCodes = null);
