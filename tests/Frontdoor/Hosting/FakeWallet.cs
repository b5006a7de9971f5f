using System.Security.Cryptography;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>A wallet in memory that keeps the rules a front door can see: whose it is, and what a quote must look like.</summary>
internal sealed class FakeWallet(string id)
{
    public static readonly Asset Usdc = Asset.Issued("USDC", "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN");

    private readonly Lock _lock = new();
    private readonly List<PaymentView> _payments = [];
    private UserId? _owner;
    private string? _address;
    private bool _opened;
    private long _xlm;

    public int Changes { get; private set; }

    public long Revision { get; set; } = 1;

    /// <summary>Thrown by every call while it is set.</summary>
    public Exception? Fails { get; set; }

    /// <summary>Returned by every call that could change something while it is set.</summary>
    public Error? Refuses { get; set; }

    /// <summary>For what its next payments wait.</summary>
    public PaymentWait? Waits { get; set; }

    /// <summary>Runs while a snapshot is being made, before it is returned.</summary>
    public Func<Task> WhileSnapshotIsMade { get; set; } = () => Task.CompletedTask;

    public QuoteRequest? LastQuote { get; private set; }

    public string? LastConfirmKey { get; private set; }

    public Task<Result<WalletView>> CreateAsync(UserId owner) => Change(() =>
    {
        _owner ??= owner;
        _address ??= new AccountId(RandomNumberGenerator.GetBytes(32)).ToString();
        return (Result<WalletView>)View();
    });

    /// <summary>Whence the owner was said to come when the wallet was opened.</summary>
    public OpeningOrigin? Origin { get; private set; }

    public Task<Result<WalletView>> OpenAsync(UserId owner, OpeningOrigin? origin) => Change(() =>
    {
        Origin ??= origin;
        _owner ??= owner;
        _address ??= new AccountId(RandomNumberGenerator.GetBytes(32)).ToString();
        _opened = true;
        return (Result<WalletView>)View();
    });

    public Task<Result<WalletView>> GetAsync(UserId caller) => Read(caller, () => (Result<WalletView>)View());

    public async Task<Result<WalletSnapshot>> GetSnapshotAsync(UserId caller)
    {
        var snapshot = await Read(caller, () => (Result<WalletSnapshot>)new WalletSnapshot(View(), [.. _payments]));
        await WhileSnapshotIsMade();
        return snapshot;
    }

    public Task<Result<WalletLimits>> GetLimitsAsync(UserId caller) => Read(caller, () => (Result<WalletLimits>)Limits());

    public Task<Result<string>> GetAddressAsync() =>
        Fails is not null
            ? Task.FromException<Result<string>>(Fails)
            : Task.FromResult<Result<string>>(_address is null ? Missing() : _opened ? _address : Unconfirmed());

    public Task<Result<WalletView>> FundFromFriendbotAsync(UserId caller) => ChangeOwn(caller, () =>
    {
        _xlm += 10_000 * Amount.StroopsPerUnit;
        Revision++;
        return (Result<WalletView>)View();
    });

    public Task<Result<PaymentView>> QuoteAsync(UserId caller, QuoteRequest request) => ChangeOwn(caller, () =>
    {
        if (!_opened)
        {
            return (Result<PaymentView>)Unconfirmed();
        }

        LastQuote = request;
        if (!Amount.TryParseStroops(request.Amount, out var stroops) || stroops == 0)
        {
            return (Result<PaymentView>)new Error(ErrorKind.InvalidRequest, "amount_invalid", "Not an amount.", "amount");
        }

        if (request.SourceAsset is not null ? request.SourceAsset is not ("USDC" or "XLM") || request.SourceAsset == request.Asset
            : (request.SourceAmount, request.MaxSlippageBps) is not (null, null))
        {
            return new Error(ErrorKind.InvalidRequest, "asset_unknown", "Not another asset of this wallet.", "source_asset");
        }

        if (request.Asset is not ("USDC" or "XLM") && request.Asset != Usdc.Canonical)
        {
            return new Error(ErrorKind.InvalidRequest, "asset_unknown", "Not an asset of this wallet.", "asset");
        }

        if (request.Memo is { } memo && System.Text.Encoding.UTF8.GetByteCount(memo) > 28)
        {
            return new Error(ErrorKind.InvalidRequest, "memo_too_long", "Too long.", "memo");
        }

        var payment = new PaymentView(
            PaymentId.New(TimeProvider.System), WalletId.Parse(id),
            request.ConfirmsAtOnce ? PaymentStatus.Signed : PaymentStatus.Pending, request.Recipient, request.Destination,
            new Amount(request.Asset == "XLM" ? Asset.Native : Usdc, stroops), 0, request.Memo,
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(10), null, null, null, null,
            Facts: request.Facts, Wait: Waits);
        _payments.Add(payment);
        return payment;
    });

    public Task<Result<PaymentView>> ConfirmAsync(UserId caller, PaymentId payment, string? idempotencyKey, PayerProof proof)
    {
        LastConfirmKey = idempotencyKey;
        return Move(caller, payment, PaymentStatus.Signed);
    }

    public Task<Result<PaymentView>> CancelAsync(UserId caller, PaymentId payment) =>
        Move(caller, payment, PaymentStatus.Cancelled);

    public Task<Result<PaymentView>> CancelQuoteAsync(UserId caller, PaymentId payment) => CancelAsync(caller, payment);

    public Task<Result<PaymentView>> ReclaimAsync(UserId caller, PaymentId payment) =>
        Read(caller, () => _payments.Exists(p => p.Id == payment)
            ? (Result<PaymentView>)new Error(ErrorKind.Conflict, "not_reclaimable", "Nothing waits here.")
            : NoPayment());

    public Task<Result<PaymentView>> GetPaymentAsync(UserId caller, PaymentId payment) =>
        Read(caller, () => _payments.Find(p => p.Id == payment) is { } found ? (Result<PaymentView>)found : NoPayment());

    public Task<Result<PaymentTrace>> GetTraceAsync(UserId caller, PaymentId payment) =>
        Read(caller, () => _payments.Find(p => p.Id == payment) is { } found
            ? (Result<PaymentTrace>)new PaymentTrace(
                found, "It is on its way.",
                [
                    new TraceStep(DateTimeOffset.UnixEpoch, TraceSteps.Quoted),
                    new TraceStep(DateTimeOffset.UnixEpoch, TraceSteps.Submitted, "outer", "inner", Answer: "pending"),
                ],
                new NetworkWord(7, DateTimeOffset.UnixEpoch, null, null, DateTimeOffset.UnixEpoch.AddMinutes(5)))
            : NoPayment());

    public List<AdminOrder> Orders { get; } = [];

    public int Tier { get; private set; } = 1;

    public AdminOrder? Frozen { get; private set; }

    public Task<Result<WalletControlView>> GetControlAsync() => Task.FromResult(Control());

    public Task<Result<WalletControlView>> FreezeAsync(AdminOrder order) => Order(order, () => Frozen = order);

    public Task<Result<WalletControlView>> UnfreezeAsync(AdminOrder order) => Order(order, () => Frozen = null);

    public Task<Result<WalletControlView>> SetTierAsync(AdminOrder order, int tier) => tier is < 0 or > 3
        ? Task.FromResult<Result<WalletControlView>>(new Error(ErrorKind.InvalidRequest, "tier_invalid", "0 to 3.", "tier"))
        : Order(order, () => Tier = tier);

    private Task<Result<WalletControlView>> Order(AdminOrder order, Action change) => Change(() =>
    {
        Orders.Add(order);
        change();
        return Control();
    });

    private Result<WalletControlView> Control() => _owner is { } owner
        ? new WalletControlView(
            WalletId.Parse(id), owner, _address!, Frozen is null ? WalletStatus.Active : WalletStatus.Frozen,
            Frozen is null ? null : DateTimeOffset.UnixEpoch, Frozen?.Admin, Frozen?.Reason, Limits())
        : Missing();

    private WalletLimits Limits() => new(
        "USD", Tier, 250_000_000_000, new LimitUsage(1_000_000_000_000, 15_000_000, 999_985_000_000),
        new LimitUsage(5_000_000_000_000, 1, 4_999_999_999_999), 100_000, FreeOperations: 200, OperationsUsed: 3);

    private Task<Result<PaymentView>> Move(UserId caller, PaymentId payment, PaymentStatus to) => ChangeOwn(caller, () =>
    {
        var at = _payments.FindIndex(p => p.Id == payment);
        return at < 0 ? NoPayment() : (Result<PaymentView>)(_payments[at] = _payments[at] with { Status = to });
    });

    private WalletView View() => new(
        WalletId.Parse(id),
        _opened ? _address : null,
        _opened ? WalletStatus.Active : WalletStatus.Unopened,
        [new AssetBalance(Asset.Native, _xlm, 0), new AssetBalance(Usdc, 0, 0)],
        Revision);

    private Task<Result<T>> ChangeOwn<T>(UserId caller, Func<Result<T>> change) =>
        _owner == caller ? Change(change) : Read(caller, change);

    private Task<Result<T>> Change<T>(Func<Result<T>> change)
    {
        lock (_lock)
        {
            if (Fails is not null)
            {
                return Task.FromException<Result<T>>(Fails);
            }

            var result = Refuses is { } refusal ? refusal : change();
            Changes += result.IsSuccess ? 1 : 0;
            return Task.FromResult(result);
        }
    }

    private Task<Result<T>> Read<T>(UserId caller, Func<Result<T>> read)
    {
        lock (_lock)
        {
            return Fails is not null
                ? Task.FromException<Result<T>>(Fails)
                : Task.FromResult(_owner == caller ? read() : Missing());
        }
    }

    private static Error Missing() => new(ErrorKind.NotFound, "wallet_not_found", "There is no such wallet.");

    private static Error Unconfirmed() => new(ErrorKind.Forbidden, "contact_unconfirmed", "Confirm a contact first.");

    private static Error NoPayment() => new(ErrorKind.NotFound, "payment_not_found", "There is no such payment.");
}
