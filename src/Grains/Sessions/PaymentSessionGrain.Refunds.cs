using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>What can be called of a session about what is given back of it.</summary>
internal sealed partial class PaymentSessionGrain
{
    public RefundBook Refunds { get; private set; } = null!;

    public RefundAddressBook RefundAddresses { get; private set; } = null!;

    private RefundDesk Desk => field ??= new RefundDesk(this, services.Payers, services.Fees.Value, keys);

    private RefundAddressDesk AddressDesk => field ??= new RefundAddressDesk(this, services.RefundAddresses, services.Deciders);

    public Task<Result<RefundView>> RefundAsync(MerchantId caller, NewRefund order, CancellationToken cancellationToken = default) =>
        Desk.RefundAsync(caller, order, cancellationToken);

    public Task<Result<PaymentSessionView>> SetRefundAddressAsync(
        MerchantId caller, NewRefundAddress order, CancellationToken cancellationToken = default) =>
        AddressDesk.DecideAsync(caller, order, cancellationToken);

    public Task TakeRefundAddressesAsync(DateTimeOffset now) => AddressDesk.TakeEffectAsync(now);

    public Task<Result<PaymentSessionView>> WithdrawRefundAddressAsync(MerchantId caller, LedgerPlace payment) =>
        AddressDesk.WithdrawAsync(caller, payment);
}
