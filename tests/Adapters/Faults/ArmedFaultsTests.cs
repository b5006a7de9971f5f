using Microsoft.Extensions.Logging.Abstractions;
using StellarPay.Adapters.Faults;
using StellarPay.Grains.Faults;

namespace StellarPay.Adapters.Tests.Faults;

public sealed class ArmedFaultsTests
{
    private readonly ArmedFaults _faults = new(NullLogger<ArmedFaults>.Instance);

    [Fact]
    public async Task An_armed_point_acts_once_and_no_other_does()
    {
        _faults.Arm("payment.signed:throw");

        await _faults.HitAsync(FaultPoint.PaymentSettling, "wal_1");
        await Should.ThrowAsync<FaultInjectedException>(() => _faults.HitAsync(FaultPoint.PaymentSigned, "wal_1"));
        await _faults.HitAsync(FaultPoint.PaymentSigned, "wal_1");
    }

    [Theory]
    [InlineData("payment.signed")]
    [InlineData("payment.signed:explode")]
    [InlineData("payment.nowhere:kill")]
    [InlineData("")]
    public void A_setting_that_names_no_point_or_no_action_is_refused(string setting) =>
        Should.Throw<ArgumentException>(() => _faults.Arm(setting));
}
