using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Invitations;

/// <summary>
/// An invitation that the database refuses by its rules. The bug kept away: it was taken for a fault of storage, so that its sender's
/// payment under way was let go of, and errors were logged, as often as he liked.
/// </summary>
public abstract class InvitationRefusalTests(SharedWorld shared)
{
    [Fact]
    public async Task It_disturbs_no_payment_that_is_under_way_and_is_no_error()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        await name.MadeAsync(sender, "1");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var payment = await sender.PayAsync(world.Network.NewOutsider(), "2");
        await sender.UntilSubmittedAsync(payment.Id);
        var reserved = (await sender.UsdcAsync()).Reserved;

        for (var asked = 0; asked < 3; asked++)
        {
            (await name.ByAsync(sender, "1")).Error!.Code.ShouldBe("recipient_invited_already");
        }

        (await sender.UsdcAsync()).Reserved.ShouldBe(reserved);
        var ours = world.Log.Lines.Select(line => line.Split(' '))
            .Where(words => words[1].StartsWith("StellarPay.", StringComparison.Ordinal)).ToArray();
        // Orleans itself logs each write that a storage refuses (102203); the day's count bounds how many that are.
        ours.Where(words => (words[0] == "Error" && words[2] != "102203") || words[2] is "1003" or "1010")
            .Select(words => string.Join(' ', words)).ShouldBeEmpty();
        ours.Count(words => words[0] == "Debug" && words[2] == "1004").ShouldBe(3);
        world.Network.HoldPending(false);
        await sender.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        await sender.UntilBalanceAsync(80_000_000);
    }

    [Fact]
    public async Task It_counts_among_those_of_the_day()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        await name.MadeAsync(sender, "1");
        for (var asked = 1; asked < 20; asked++)
        {
            (await name.ByAsync(sender, "1")).Error!.Code.ShouldBe("recipient_invited_already");
        }

        (await name.ByAsync(sender, "1")).Error!.Code.ShouldBe("invitation_budget_used");
        (await new Invited(world).ByAsync(sender, "1")).Error!.Code.ShouldBe("invitation_budget_used");
        world.Business.Advance(TimeSpan.FromDays(1));
        (await new Invited(world).ByAsync(sender, "1")).Error.ShouldBeNull();
    }
}

public sealed class InvitationRefusalInMemoryTests(SharedWorld shared) : InvitationRefusalTests(shared), IClassFixture<SharedWorld>;

public sealed class InvitationRefusalOnPostgresTests(SharedPostgresWorld shared)
    : InvitationRefusalTests(shared), IClassFixture<SharedPostgresWorld>;
