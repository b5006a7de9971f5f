namespace StellarPay.SingleNode.Tests.Reminders;

public sealed class ReminderTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_reminder_under_a_minute_is_refused()
    {
        var grain = silo.Grains.GetGrain<IReminded>("remind_short");

        var thrown = await Should.ThrowAsync<ArgumentException>(
            () => grain.Remind("short", TimeSpan.Zero, TimeSpan.FromSeconds(59)));

        thrown.Message.ShouldContain("less than minimum allowed reminder period");
        (await grain.Names()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reminder_wakes_its_grain_when_it_is_due()
    {
        var grain = silo.Grains.GetGrain<IReminded>("remind_due");

        await grain.Remind("due", TimeSpan.FromMilliseconds(100), Minute);

        await Gates.All.HasSaid("remind_due", "due every 00:01:00");
    }

    [Fact]
    public async Task Reminders_are_listed_until_they_are_unregistered()
    {
        var grain = silo.Grains.GetGrain<IReminded>("remind_list");
        await grain.Remind("one", Minute, Minute);
        await grain.Remind("two", Minute, Minute);
        await grain.Remind("one", Minute, TimeSpan.FromMinutes(2));
        (await grain.Names()).ShouldBe(["one", "two"]);

        await grain.Forget("one");

        (await grain.Names()).ShouldBe(["two"]);
        await grain.Forget("two");
        (await grain.Names()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reminder_that_was_unregistered_before_it_was_due_never_comes()
    {
        var gone = silo.Grains.GetGrain<IReminded>("remind_gone");
        await gone.Remind("gone", TimeSpan.FromMilliseconds(600), Minute);
        await gone.Forget("gone");
        var later = silo.Grains.GetGrain<IReminded>("remind_later");
        await later.Remind("later", TimeSpan.FromMilliseconds(900), Minute);

        await Gates.All.HasSaid("remind_later", "later every 00:01:00");

        (await gone.Ticks()).ShouldBe(0);
    }
}
