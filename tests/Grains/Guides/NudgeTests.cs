using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Nudges;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Guides;

/// <summary>The example of docs/guides/add-a-feature.md, whose code is that of the guide, word for word.</summary>
public sealed class NudgeTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_user_is_reminded_once_though_the_wake_up_comes_twice(Failing? how)
    {
        await using var world = await TestWorld.StartAsync(with: services => services.AddNudges());
        var (user, now) = (UserId.New(TimeProvider.System), world.Business.GetUtcNow());
        var nudge = world.Grains.GetGrain<INudgeGrain>(NudgeKeys.Of(user));
        (await nudge.SetAsync(user, "rent", now.AddHours(1))).Value.ShouldBe(now.AddHours(1));
        await world.SweepAsync();
        world.EventsOf("nudge.due").ShouldBeEmpty();

        world.Business.Advance(TimeSpan.FromHours(1));
        if (how is { } failing)
        {
            world.Storage.FailNextWrite("nudge", failing);
        }

        await TestWorld.UntilAsync(
            async () =>
            {
                await world.SweepAsync();
                return world.EventsOf("nudge.due").Length > 0;
            },
            "the user is reminded");
        await world.SweepAsync();

        var reminded = world.EventsOf("nudge.due").Single();
        ((string)reminded["owner"]!, (string)reminded["data"]!["text"]!).ShouldBe((user.Value, "rent"));
    }

    [Fact]
    public async Task Nobody_sets_another_users_nudge_and_what_is_wrong_is_named()
    {
        await using var world = await TestWorld.StartAsync(with: services => services.AddNudges());
        var (user, other) = (UserId.New(TimeProvider.System), UserId.New(TimeProvider.System));
        var (nudge, at) = (world.Grains.GetGrain<INudgeGrain>(NudgeKeys.Of(user)), world.Business.GetUtcNow().AddHours(1));

        (await nudge.SetAsync(other, "rent", at)).Error!.Code.ShouldBe("nudge_not_found");
        (await nudge.SetAsync(user, "", at)).Error!.Param.ShouldBe("text");
        (await nudge.SetAsync(user, "rent", at.AddHours(-2))).Error!.Param.ShouldBe("at");
        world.Storage.Find("nudge", NudgeKeys.Of(user)).ShouldBeNull();
    }
}
