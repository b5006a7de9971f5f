using System.Text.Json.Nodes;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Amount = StellarPay.Grains.Money.Amount;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Tests.Merchants;

/// <summary>A merchant, and short ways to do what merchants and their payers do.</summary>
internal sealed record TestMerchant(TestWorld World, MerchantId Id, string Address)
{
    public const long Unit = 10_000_000;

    public IMerchantGrain Grain => World.Grains.GetGrain<IMerchantGrain>(Id.Value);

    /// <summary>What operators decide about it.</summary>
    public IMerchantControl Control => World.Grains.GetGrain<IMerchantControl>(Id.Value);

    /// <summary>A merchant whose account is open, in a world whose network has the clock of the business.</summary>
    public static async Task<TestMerchant> OpenAsync(TestWorld world)
    {
        world.Network.Look(ledger => ledger.ClockOffset = world.Business.GetUtcNow() - TimeProvider.System.GetUtcNow());
        // A test before may have passed minutes after anybody looked.
        world.Port<NetworkClock>().Forget();
        var id = MerchantId.New(TimeProvider.System);
        var grain = world.Grains.GetGrain<IMerchantGrain>(id.Value);
        (await grain.OpenAsync(id, cancellationToken: TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        await TestWorld.UntilAsync(
            async () => (await grain.GetAsync(id)).Value!.Status == MerchantAccountStatus.Active, "the merchant's account is there");
        return new TestMerchant(world, id, (await grain.GetAsync(id)).Value!.Address);
    }

    /// <summary>An order of so many hundredths of a dollar.</summary>
    public NewPaymentSession Order(long cents, params string[] assets) => new(
        "USD", cents * (Unit / 100), assets.Length > 0 ? assets : [World.Network.Usdc, "native"], TimeSpan.FromMinutes(15), 0, null, null, null,
        null, "fingerprint");

    public async Task<PaymentSessionView> NewSessionAsync(NewPaymentSession order)
    {
        var made = await CreateAsync(PaymentSessionId.New(TimeProvider.System), order);
        made.Error.ShouldBeNull();
        return made.Value!;
    }

    /// <summary>A session with an account of its own that is open.</summary>
    public async Task<PaymentSessionView> NewSessionWithAddressAsync(NewPaymentSession order)
    {
        var session = await NewSessionAsync(order with { OffersAddress = true });
        (await GrainOf(session.Id).OpenAddressAsync(Id, TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        return await UntilAsync(session.Id, view => view.Own?.Status == PaymentAddressStatus.Open, "its own account is open");
    }

    public Task<PaymentSessionView> NewSessionAsync(long cents) => NewSessionAsync(Order(cents));

    public Task<Result<PaymentSessionView>> CreateAsync(PaymentSessionId id, NewPaymentSession order) => GrainOf(id).CreateAsync(Id, order);

    public IPaymentSessionGrain GrainOf(PaymentSessionId id) => World.Grains.GetGrain<IPaymentSessionGrain>(id.Value);

    public Task<Result<RefundView>> RefundAsync(
        PaymentSessionId id, long? amount = null, SessionPayment? payment = null, string? key = null, string fingerprint = "same") =>
        GrainOf(id).RefundAsync(
            Id,
            new NewRefund(payment is null ? null : new LedgerPlace(payment.Token, payment.Number), amount, null, null, key, fingerprint));

    /// <summary>Accepts a late payment, as the front door does it.</summary>
    public async Task<Result<PaymentSessionView>> AcceptAsync(PaymentSessionId id, SessionPayment payment)
    {
        var accepted = await GrainOf(id).AcceptAsync(
            Id, new LedgerPlace(payment.Token, payment.Number), TestContext.Current.CancellationToken);
        return accepted.IsSuccess ? await GrainOf(accepted.Value).BeginAsync(Id) : accepted.Error;
    }

    /// <summary>What a refund is by now.</summary>
    public async Task<RefundView> UntilRefundAsync(RefundId id, RefundStatus status)
    {
        RefundView? refund = null;
        await TestWorld.UntilAsync(
            async () => (refund = (await ViewAsync(id.Session)).Refunds.Single(each => each.Id == id)).Status == status,
            $"the refund is {status}");
        return refund!;
    }

    public async Task<PaymentSessionView> ViewAsync(PaymentSessionId id) => (await GrainOf(id).GetAsync(Id)).Value!;

    public async Task<PaymentSessionView> UntilAsync(PaymentSessionId id, Func<PaymentSessionView, bool> isSo, string what)
    {
        await TestWorld.UntilAsync(async () => isSo(await ViewAsync(id)), what);
        return await ViewAsync(id);
    }

    public Task<PaymentSessionView> UntilPaidAsync(PaymentSessionId id) =>
        UntilAsync(id, session => session.Status == PaymentSessionStatus.Paid, "the session is paid");

    /// <summary>What the merchant holds of an asset.</summary>
    public async Task<MerchantBalance> BookAsync(string? asset = null) =>
        (await Grain.GetAsync(Id)).Value!.Balances.SingleOrDefault(book => book.Asset == (asset ?? World.Network.Usdc))
        ?? new MerchantBalance(asset ?? World.Network.Usdc, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>What anybody's account holds of USDC on the ledger.</summary>
    public long BalanceOf(string account) => World.Network.Look(ledger => ledger.Accounts[account].BalanceOf(World.Network.Usdc));

    public Task UntilBookAsync(Func<MerchantBalance, bool> isSo, string what, string? asset = null) =>
        TestWorld.UntilAsync(async () => isSo(await BookAsync(asset)), what);

    /// <summary>An outsider pays so many stroops to the merchant's address, in the words of the payer's wallet.</summary>
    public LedgerOperation Pay(
        long stroops, string? memo = null, string? memoType = "text", string? muxed = null, string? asset = null, int operations = 1,
        DateTimeOffset? closedAt = null, string? from = null, string? fromMuxed = null, string? innerHash = null)
    {
        from ??= World.Network.NewOutsider();
        var payer = from;
        var paid = new Amount(Asset.Parse(asset ?? World.Network.Usdc), stroops);
        // What no account can hold is credited all the same: what comes to grief of it is what tests look at.
        World.Network.Look(ledger =>
        {
            // As one: what the merchant pays at the same moment is not to be written over.
            var account = ledger.Accounts[Address];
            var room = long.MaxValue - account.BalanceOf(paid.Asset.Canonical);
            account.Add(paid.Asset.Canonical, (long)Int128.Min((Int128)stroops * operations, room));
            return room;
        });
        return World.Network.Add(sequence => new LedgerOperation(
            (sequence << 32) | 4097, $"{sequence:x64}", innerHash, true, operations == 1 ? "payment" : "invoke_host_function", payer, Address,
            paid, memo, sequence, closedAt ?? World.Network.Look(ledger => ledger.ClosedAt), FromMuxed: fromMuxed, ToMuxed: muxed,
            MemoType: memo is null ? null : memoType,
            Transfers: operations == 1
                ? null
                : [.. Enumerable.Repeat(new LedgerTransfer(payer, Address, paid, paid, muxed), operations)]));
    }

    /// <summary>The M address that names a session at the merchant's address.</summary>
    public string MuxedOf(PaymentSessionId id) => new MuxedAccount(AccountId.Parse(Address), (ulong)id.Number).ToString();

    /// <summary>What was told of a session or of the merchant, in order.</summary>
    public JsonObject[] EventsOf(string subject) =>
        [.. World.Storage.Events.Where(each => (string)each["subject"]! == subject)];

    public string[] TypesOf(PaymentSessionId id) => [.. EventsOf(id.Value).Select(each => (string)each["type"]!)];

    /// <summary>Time passes, for the business and for the network, which closes a ledger then.</summary>
    public void Pass(TimeSpan time)
    {
        World.Business.Advance(time);
        World.Network.Look(ledger => ledger.ClockOffset += time);
        World.Network.Issue(World.Network.NewOutsider(), 1);
    }
}
