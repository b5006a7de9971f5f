using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Tests.Plan;

public sealed class ChaosPlanTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_same_seed_draws_the_same_plan()
    {
        var (first, second) = (ChaosPlan.Draw(7, Minute, 24, 6), ChaosPlan.Draw(7, Minute, 24, 6));

        second.Actions.ShouldBe(first.Actions);
        second.Faults.ShouldBe(first.Faults);
        second.Receivers.ShouldBe(first.Receivers);
        ChaosPlan.Draw(8, Minute, 24, 6).Actions.ShouldNotBe(first.Actions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_minute_has_every_kind_of_fault_and_of_action(int seed)
    {
        var plan = ChaosPlan.Draw(seed, Minute, 24, 6);

        plan.Faults.Select(fault => fault.Kind).Distinct().Count().ShouldBe(Enum.GetValues<FaultKind>().Length);
        plan.Faults.Count(fault => fault.Kind == FaultKind.Kill).ShouldBeGreaterThanOrEqualTo(4);
        // Whatever is drawn: of what is dealt there are several, and a day has gone by while there is time left for what waits for it.
        plan.Faults.Count(fault => fault.Kind is FaultKind.KillNetwork).ShouldBeGreaterThanOrEqualTo(1);
        plan.Faults.ShouldContain(fault => fault.Kind == FaultKind.DayPasses && fault.At < Minute / 2);
        plan.Actions.GroupBy(action => action.Kind).Where(kind => kind.Key > ActionKind.Deposit)
            .ShouldAllBe(kind => kind.Count() >= 5);
        plan.Actions.Select(action => action.Kind).Distinct().Count().ShouldBe(Enum.GetValues<ActionKind>().Length);
        plan.Actions.Select(action => action.Number).Distinct().Count().ShouldBe(plan.Actions.Count);
        plan.Receivers.Select(receiver => (receiver.Shop, receiver.Mode)).Distinct().Count()
            .ShouldBe(ChaosPlan.Shops * Enum.GetValues<ReceiverMode>().Length);
        plan.Actions.ShouldAllBe(action => action.Payer != action.Payee && action.Stroops > 0 && action.At < Minute);
    }
}
