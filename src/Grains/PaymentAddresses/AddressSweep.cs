using StellarPay.Grains.Accounts;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// Takes what came to the account to the merchant's address, in the session's name and nowhere else; and, when the account is needed no
/// more, gives it up in the same transaction: payments, trustlines away, merge. What came in between makes that fail as a whole, and it is
/// built anew; what the merchant cannot take is left out, and tried again by itself.
/// </summary>
internal sealed class AddressSweep(IPaymentAddressContext owner, OpeningServices services, PaymentAddressOptions options)
    : IAccountWork, ISubmissionParty
{
    private const string Closing = "close";
    private const string Fencing = "fence";
    private const string Succeeded = SubmissionBook.Succeeded;

    // Besides them as many operations as there are trustlines, and the merge.
    private const int MostPayments = 60;

    private const int ClosingsBeforeFence = 3;
    private const int TriesAtOnce = 3;
    private const int MostLooks = 8;

    // Of what is bid for payers' transactions.
    private const int LittleFeeShare = 10;

    private static readonly Error Behind = new(ErrorKind.Unavailable, "payment_address_behind",
        "The network shows more than what was taken in yet.");

    private NetworkAccount? _account;
    private int _looks;

    public bool Waits => State.HasAccount && !Worth.IsLeaving && !(State.TriedAfter > owner.Now)
        && (IsClosing ? Worth.CanClose(owner.Now) : State.Status == PaymentAddressStatus.Open && Worth.IsWorth(owner.Now))
        && !(IsLittle && State.LittleAfter > owner.Now);

    public bool NeedsSponsor => false;

    /// <summary>Whether the transaction that was signed last is for less than payers send.</summary>
    public bool WasLittle { get; private set; }

    private PaymentAddressState State => owner.State;

    private AddressWorth Worth => owner.Book.Worth;

    private bool IsClosing => Worth.IsClosing(owner.Now);

    // Also what only gives the account up: whoever spoils that again and again takes nothing of the day from payers.
    private bool IsLittle => !Worth.IsMuch;

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        var isLittle = IsLittle;
        var refusal = SweepDay.Refusal(State.Sweeps, isLittle, options.SweepsPerDay, owner.Now)
            ?? (await owner.Grains.GetGrain<IMerchantInternal>(State.Merchant).GetSweepsAsync(isLittle)).Error;
        if (refusal is { RetryAfter: { } wait })
        {
            await owner.InTurnAsync(() => PutOffAsync(isLittle, owner.Now + wait));
            return refusal;
        }

        _account = await services.Gateway.GetAccountAsync(State.Address, cancellationToken);
        return _account is null ? LookAgain() : null;
    }

    // What became worth it while a transaction was launched for others was not asked about: it is the next launch's.
    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        (var account, _account) = (_account, null);
        if (account is null)
        {
            owner.WakeSoon();
        }

        return Task.FromResult(account is null ? null : Plan(account));
    }

    public void Signed(Submission submission)
    {
        (_looks, State.Delays) = (0, 0);
        State.Sweeps = SweepDay.Count(State.Sweeps, WasLittle, owner.Now);
        State.LittleAfter = WasLittle ? null : State.LittleAfter;
        var merges = submission.IndexOf(Closing) >= 0;
        foreach (var receipt in State.Receipts.Where(each => each.Sweep is null))
        {
            var index = submission.IndexOf(receipt.Subject());
            // What XLM no operation takes along goes with the account.
            if (index >= 0 || (merges && receipt.Asset == Money.Asset.Native.Canonical))
            {
                (receipt.Sweep, receipt.Index, receipt.Merges) = (submission.InnerHash, index, merges);
            }
        }
    }

    // What it paid, its operations tell.
    public void Landed(Submission submission, Landing landing)
    {
        (State.Failures, State.TriedAfter, State.PaysFirst, State.Delays) = (0, null, false, 0);
        State.IsFenced |= submission.IndexOf(Fencing) >= 0;
        foreach (var receipt in State.Receipts.Where(each => each.Sweep == submission.InnerHash))
        {
            State.Blocked.Remove(receipt.Asset);
        }
    }

    public void Refused(Submission submission, Refusal refusal)
    {
        State.Delays = 0;
        var refused = new HashSet<string>(StringComparer.Ordinal);
        foreach (var receipt in State.Receipts.Where(each => each.Sweep == submission.InnerHash))
        {
            if (receipt.Index >= 0 && refusal.OperationCodes?[receipt.Index] is { } code && code != Succeeded)
            {
                refused.Add(receipt.Asset);
            }

            receipt.Sweep = null;
        }

        owner.Book.Shrink();
        if (refusal.Unpaid)
        {
            return;
        }

        foreach (var asset in refused.Where(asset => State.Receipts.Exists(each => each.Asset == asset)))
        {
            owner.Book.Block(asset, refusal.At);
        }

        if (refused.Count > 0)
        {
            // What the merchant can take is not kept from him by what he cannot: it goes at once.
            return;
        }

        State.Failures++;
        if (submission.IndexOf(Closing) >= 0 || submission.IndexOf(Fencing) >= 0)
        {
            State.Closings++;
            // Who sends a little at each try holds up neither the payer nor the session's end.
            State.PaysFirst = !State.IsFenced;
        }

        // Ever less often, to once a day; what a payer sends begins anew, and what strangers send goes with the next try.
        State.TriedAfter = State.Failures <= TriesAtOnce ? null : refusal.At + AddressBook.PauseAfter(State.Failures - TriesAtOnce);
    }

    private Result<SubmissionPlan>? Plan(NetworkAccount account)
    {
        var next = Worth.Next(IsClosing, owner.Now);
        var parts = AddressWorth.Parts(next, account.AvailableStroops);
        List<PlannedOperation> operations =
        [
            .. parts.Take(MostPayments).Select(part => new PlannedOperation(
                part.Receipt.Subject(),
                new Operation(null, TransactionFactory.Payment(State.PaysTo, part.Receipt.Asset, part.Stroops)))),
        ];
        // What is worth it goes first, and alone; a stranger's stroops do not: each would be a transaction.
        var isWorth = operations.Count > 0 && Worth.IsWorth(owner.Now);
        if (IsClosing && !Worth.IsHeldUp && !Worth.IsBehind && parts.Length <= MostPayments && !(State.PaysFirst && isWorth))
        {
            if (!IsAhead(account))
            {
                operations.AddRange(GiveUp(account));
            }
            else if (!isWorth)
            {
                return LookAgain();
            }
        }

        WasLittle = IsLittle;
        return operations.Count == 0
            ? (Result<SubmissionPlan>?)null
            : new SubmissionPlan(
                new MemoText(owner.Key), operations, owner.Key, "payment_address.sweep",
                MostFeeStroops: WasLittle && !IsClosing ? options.MostFeeStroops / LittleFeeShare : options.MostFeeStroops);
    }

    // What the ledger has and was not taken in yet would only make it fail. What is known goes all the same.
    // XLM would go along, and nobody knew whose it was, or that it came in time. Where an operator closed what nobody can read nobody ever
    // will: it goes along, and is nobody's.
    private bool IsAhead(NetworkAccount account) =>
        account.Trustlines.Any(line => line.Balance > State.Balances.GetValueOrDefault(line.Asset))
        || (!State.HasUnread
            && account.NativeStroops - State.Balances.GetValueOrDefault(Money.Asset.Native.Canonical) >= AddressWorth.LeastXlm);

    // Ever less often while nothing is heard of it: whatever is heard begins it at once.
    private Error LookAgain()
    {
        owner.WakeSoon(SoonWaker.Pause * (1 << Math.Min(_looks++, MostLooks)));
        return Behind;
    }

    private async Task PutOffAsync(bool isLittle, DateTimeOffset until)
    {
        if (isLittle)
        {
            State.LittleAfter = until;
        }
        else
        {
            State.TriedAfter = until;
        }

        await owner.SaveAsync();
    }

    // Whoever sends a stroop at each try is fenced off: once the trustlines take next to nothing more, what he can spoil is counted.
    private IEnumerable<PlannedOperation> GiveUp(NetworkAccount account)
    {
        if (State is { Closings: >= ClosingsBeforeFence, IsFenced: false } && account.Trustlines.Count > 0)
        {
            return account.Trustlines.Select(line => new PlannedOperation(
                Fencing, new Operation(null, TransactionFactory.LimitTrustline(line.Asset, Room()))));
        }

        return
        [
            .. account.Trustlines.Select(line => new PlannedOperation(
                Closing, new Operation(null, TransactionFactory.RemoveTrustline(line.Asset)))),
            new PlannedOperation(Closing, new Operation(null, TransactionFactory.Merge(State.PaysTo))),
        ];
    }

    // Ten stroops, and ten times as much each time that more than that came in between.
    private long Room()
    {
        const int Tenfold = 10;
        const int MostZeros = 15;
        long room = Tenfold;
        for (var zeros = Math.Min(State.Closings - ClosingsBeforeFence, MostZeros); zeros > 0; zeros--)
        {
            room *= Tenfold;
        }

        return room;
    }
}
