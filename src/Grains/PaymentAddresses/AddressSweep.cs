using StellarPay.Grains.Accounts;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// Takes what came to the account to the merchant's address, in the session's name and nowhere else; and, when the account is needed no
/// more, gives it up in the same transaction: payments, trustlines away, merge. What came in between makes that fail as a whole, and it is
/// built anew.
/// </summary>
internal sealed class AddressSweep(IPaymentAddressContext owner, OpeningServices services) : IAccountWork, ISubmissionParty
{
    private const string Closing = "close";
    private const string Fencing = "fence";

    // Besides them as many operations as there are trustlines, and the merge.
    private const int MostPayments = 60;

    private const int ClosingsBeforeFence = 3;
    private const int TriesAtOnce = 3;
    private const int MostDoublings = 13;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);

    private static readonly Error Behind = new(ErrorKind.Unavailable, "payment_address_behind",
        "The network shows more than what was taken in yet.");

    private NetworkAccount? _account;

    public bool Waits => State.HasAccount && !owner.Book.IsBehind && !(State.TriedAfter > owner.Now)
        && (IsClosing || (State.Status == PaymentAddressStatus.Open && owner.Book.IsWorth()));

    public bool NeedsSponsor => false;

    private PaymentAddressState State => owner.State;

    private bool IsClosing => owner.Book.IsClosing(owner.Now);

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        _account = await services.Gateway.GetAccountAsync(State.Address, cancellationToken);
        return _account is null ? Behind : null;
    }

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts) => Task.FromResult(Plan(_account!));

    public void Signed(Submission submission)
    {
        foreach (var (each, index) in submission.Operations.Select((each, index) => (each, index)))
        {
            if (State.Receipts.Find(receipt => receipt.Subject() == each.Subject) is { } receipt)
            {
                (receipt.Sweep, receipt.Index) = (submission.InnerHash, index);
            }
        }
    }

    // What it paid, its operations tell.
    public void Landed(Submission submission, Landing landing)
    {
        (State.Failures, State.TriedAfter, State.PaysFirst) = (0, null, false);
        State.IsFenced |= submission.IndexOf(Fencing) >= 0;
    }

    public void Refused(Submission submission, Refusal refusal)
    {
        foreach (var receipt in State.Receipts.Where(each => each.Sweep == submission.InnerHash))
        {
            receipt.Sweep = null;
        }

        owner.Book.Shrink();
        if (refusal.Unpaid)
        {
            return;
        }

        State.Failures++;
        if (submission.IndexOf(Closing) >= 0 || submission.IndexOf(Fencing) >= 0)
        {
            State.Closings++;
            // Who sends a little at each try holds up neither the payer nor the session's end.
            State.PaysFirst = !State.IsFenced;
        }

        // Ever less often, to once a day; a new payment is taken in at once all the same, and goes with the next try.
        State.TriedAfter = State.Failures <= TriesAtOnce
            ? null
            : owner.Now + FirstPause * (1 << Math.Min(State.Failures - TriesAtOnce - 1, MostDoublings));
    }

    private Result<SubmissionPlan>? Plan(NetworkAccount account)
    {
        // An account that somebody else created holds back a reserve of what came: its XLM goes with the merge alone.
        var byMerge = account.ReserveStroops > 0;
        AddressReceipt[] all =
        [
            .. State.Receipts.Where(each => each.Sweep is null && !(byMerge && each.Asset == Asset.Native.Canonical)),
        ];
        List<PlannedOperation> operations =
        [
            .. all.Take(MostPayments).Select(receipt => new PlannedOperation(
                receipt.Subject(),
                new Operation(null, TransactionFactory.Payment(State.PaysTo, receipt.Asset, receipt.Stroops)))),
        ];
        if (IsClosing && all.Length <= MostPayments && !(State.PaysFirst && all.Length > 0))
        {
            // What the ledger has and was not taken in yet would only make it fail.
            if (account.Trustlines.Any(line => line.Balance > State.Balances.GetValueOrDefault(line.Asset)))
            {
                return Behind;
            }

            operations.AddRange(GiveUp(account));
        }

        return operations.Count == 0
            ? (Result<SubmissionPlan>?)null
            : new SubmissionPlan(new MemoText(owner.Key), operations, owner.Key, "payment_address.sweep");
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
