using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Tests.Limits;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Schedules;

/// <summary>
/// Standing orders that were given without a second factor. The bug kept away: a thief gave them while there was none, and they paid past
/// the factor that the owner set up to stop him.
/// </summary>
public sealed class UnprovenTests(FactorWorld shared) : IClassFixture<FactorWorld>
{
    [Fact]
    public async Task An_order_of_before_the_factor_pays_no_more_than_a_session_without_it_until_it_is_proven()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("20000");
        var (thief, shop) = (world.Network.NewOutsider(), world.Network.NewOutsider());
        var unproven = await CreatedAsync(user, thief, "500", PayerProof.Session);
        (await user.TellAsync(true, 1)).ShouldBeTrue();
        var proven = await CreatedAsync(user, shop, "500", PayerProof.FactorShown);

        world.Business.Advance(TimeSpan.FromHours(1));
        await UntilAsync(user, proven, occurrence => occurrence.Status == OccurrenceStatus.Succeeded);
        await UntilAsync(user, unproven, occurrence => occurrence.FailureCode == "step_up_required");

        // The occurrence has succeeded once the network says so; the balance follows the ledger.
        await user.UntilBalanceAsync(19_500_0000000);
        (await Book(user).PauseAsync(user.Id, unproven)).Error.ShouldBeNull();
        (await Book(user).ResumeAsync(user.Id, unproven, PayerProof.FactorShown)).Error.ShouldBeNull();
        world.Business.Advance(TimeSpan.FromDays(1));
        await UntilAsync(user, unproven, occurrence => occurrence.Status == OccurrenceStatus.Succeeded);
    }

    private static IScheduleBookGrain Book(TestUser user) =>
        user.World.Grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user.Id));

    private static async Task<ScheduleId> CreatedAsync(TestUser user, string payee, string amount, PayerProof proof)
    {
        var made = await Book(user).CreateAsync(
            user.Id,
            new ScheduleRequest(
                payee, payee, "USDC", amount, null, Frequency.Daily, user.World.Business.GetUtcNow().AddHours(1), "UTC", Proof: proof),
            TestContext.Current.CancellationToken);
        made.Error.ShouldBeNull();
        return made.Value!.Id;
    }

    // Sweeps, and moves time by the seconds after which the book looks again.
    private static Task UntilAsync(TestUser user, ScheduleId schedule, Func<OccurrenceView, bool> condition) => TestWorld.UntilAsync(
        async () =>
        {
            user.World.Business.Advance(TimeSpan.FromSeconds(1));
            await user.World.SweepAsync();
            return (await Book(user).GetAsync(user.Id, schedule)).Value!.Occurrences.Any(condition);
        },
        "the occurrence is as it is to be");
}
