using Orleans.Storage;

namespace StellarPay.SingleNode.Tests.Storage;

public sealed class StorageTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task State_that_was_written_is_there_after_the_grain_has_left()
    {
        var grain = silo.Grains.GetGrain<IStored>("store_keeps");
        (await grain.Exists()).ShouldBeFalse();
        await grain.Save("ada");

        await grain.Leave();

        (await grain.Name()).ShouldBe("ada");
        (await grain.Exists()).ShouldBeTrue();
    }

    [Fact]
    public async Task State_that_was_not_written_is_lost_with_the_activation()
    {
        var grain = silo.Grains.GetGrain<IStored>("store_loses");
        await grain.Save("written");
        await grain.Change("not written");
        (await grain.Name()).ShouldBe("not written");

        await grain.Leave();

        (await grain.Name()).ShouldBe("written");
    }

    [Fact]
    public async Task Reading_again_undoes_what_was_not_written()
    {
        var grain = silo.Grains.GetGrain<IStored>("store_rereads");
        await grain.Save("written");
        await grain.Change("not written");

        (await grain.Reload()).ShouldBe("written");
    }

    [Fact]
    public async Task Each_write_gives_a_new_tag_and_clearing_ends_the_record()
    {
        var grain = silo.Grains.GetGrain<IStored>("store_tags");
        var first = await grain.Save("one");
        var second = await grain.Save("two");
        second.ShouldNotBe(first);

        await grain.Clear();

        (await grain.Exists()).ShouldBeFalse();
        (await grain.Name()).ShouldBe("");
        await grain.Save("three");
        (await grain.Exists()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_write_over_a_newer_record_is_refused_and_the_grain_starts_again_from_what_is_stored()
    {
        var grain = silo.Grains.GetGrain<IStored>("store_conflict");

        await Should.ThrowAsync<InconsistentStateException>(() => grain.SaveOverTheOther("stale"));

        (await grain.Name()).ShouldBe("the rival does not know of this");
        await grain.Save("works again");
    }

    [Fact]
    public async Task A_grain_that_only_passes_on_the_conflict_of_another_is_not_deactivated()
    {
        var asking = silo.Grains.GetGrain<IAsksForConflicts>("store_asks");
        var before = await asking.Id();

        await Should.ThrowAsync<InconsistentStateException>(() => asking.Ask("store_asked"));

        (await asking.Id()).ShouldBe(before);
    }

    [Fact]
    public async Task A_grain_of_the_old_style_has_its_state_read_and_written_too()
    {
        var grain = silo.Grains.GetGrain<IOldStyle>("store_old");
        await grain.Save("ada");

        await grain.Leave();

        (await grain.Name()).ShouldBe("ada");
    }

    [Fact]
    public async Task A_storage_that_nobody_registered_is_named_in_the_error()
    {
        var thrown = await Should.ThrowAsync<Exception>(() => silo.Grains.GetGrain<INowhere>("store_nowhere").Touch());

        thrown.ToString().ShouldContain("no-such-storage");
    }
}
