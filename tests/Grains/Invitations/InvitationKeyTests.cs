using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Invitations;

/// <summary>What a repeat under an idempotency key is answered after its invitation is over.</summary>
public sealed class InvitationKeyTests
{
    private const int PerDay = 20;

    [Fact]
    public async Task As_long_as_a_key_holds_its_invitation_is_answered_however_many_came_after_it()
    {
        // The bug kept away: 24 were kept, and by two days of UTC 40 may be made while a key holds.
        await using var world = await TestWorld.StartAsync();
        var sender = await world.NewUserAsync("10");
        var now = world.Business.GetUtcNow();
        world.Business.Advance(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime - TimeSpan.FromMinutes(10));
        var names = Enumerable.Range(0, 2 * PerDay).Select(_ => new Invited(world)).ToArray();
        var first = default(InvitationView);
        for (var i = 0; i < names.Length; i++)
        {
            if (i == PerDay)
            {
                world.Business.Advance(TimeSpan.FromMinutes(20));
            }

            var made = await names[i].ByAsync(sender, "0.1", Key(i));
            made.Error.ShouldBeNull();
            first ??= made.Value;
            (await Invited.CancelAsync(sender, made.Value!.Id)).Error.ShouldBeNull();
        }

        var again = await names[0].ByAsync(sender, "0.1", Key(0));

        again.Error.ShouldBeNull();
        (again.Value!.Id, again.Value.Status).ShouldBe((first!.Id, InvitationStatus.Cancelled));
    }

    [Fact]
    public async Task A_key_whose_invitation_is_not_kept_any_more_is_not_taken_for_a_new_one()
    {
        // As it is where an operator allows fewer in a day than before.
        InvitationOptions settings = new();
        await using var world = await TestWorld.StartAsync(with: services => services.Configure<InvitationOptions>(options =>
            (settings, options.PerDay) = (options, 1)));
        var sender = await world.NewUserAsync("10");
        (await new Invited(world).ByAsync(sender, "50")).Error.ShouldNotBeNull("the wallet is active with what it keeps");
        settings.PerDay = PerDay;
        var names = Enumerable.Range(0, 4).Select(_ => new Invited(world)).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            var made = await names[i].ByAsync(sender, "0.1", Key(i));
            made.Error.ShouldBeNull();
            (await Invited.CancelAsync(sender, made.Value!.Id)).Error.ShouldBeNull();
        }

        (await names[0].ByAsync(sender, "0.1", Key(0))).Error!.Code.ShouldBe("invitation_forgotten");
        (await names[3].ByAsync(sender, "0.1", Key(3))).Error.ShouldBeNull();
        names[0].Count.ShouldBe(0, "nothing is made anew");
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"key {number}");
}
