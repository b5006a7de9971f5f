using Microsoft.Extensions.Time.Testing;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Tests.Network;

/// <summary>Whoever waits for a place waits for those of his own group, and for nobody for ever.</summary>
public sealed class DrainPlacesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly DrainPlaces _places;

    public DrainPlacesTests() => _places = new DrainPlaces(_time);

    [Fact]
    public async Task Of_many_of_one_group_and_one_of_another_the_one_is_second()
    {
        var held = await FillAsync();
        var crowd = Enumerable.Range(0, 1_000).Select(_ => _places.EnterAsync("crowd")).ToArray();
        var other = _places.EnterAsync("other");

        held[0].Dispose();
        (await crowd[0]).Dispose();

        await other;
        crowd.Count(each => each.IsCompleted).ShouldBe(1);
        (await other).Dispose();
        (await crowd[1]).ShouldNotBeNull();
    }

    [Fact]
    public async Task Each_group_has_its_turn_and_within_it_who_came_first()
    {
        var held = await FillAsync();
        var order = new List<string>();
        var all = new[] { "a1", "a2", "a3", "b1", "c1", "c2" }.Select(NoteAsync).ToArray();

        // Each goes on only when the one before has given its place back.
        held[0].Dispose();
        await Task.WhenAll(all);

        order.ShouldBe(["a1", "b1", "c1", "a2", "c2", "a3"]);

        async Task NoteAsync(string name)
        {
            using var place = await _places.EnterAsync(name[..1]);
            order.Add(name);
        }
    }

    [Fact]
    public async Task A_place_that_is_held_too_long_is_free_again_and_is_not_given_back_twice()
    {
        var held = await FillAsync();
        var waits = _places.EnterAsync("a");
        waits.IsCompleted.ShouldBeFalse();

        _time.Advance(DrainPlaces.Longest);

        await waits;
        foreach (var place in held)
        {
            place.Dispose();
        }

        // All but the one that waited have been free since, each once.
        var again = Enumerable.Range(0, DrainPlaces.Places).Select(_ => _places.EnterAsync("b")).ToArray();
        again.Count(each => each.IsCompleted).ShouldBe(DrainPlaces.Places - 1);
    }

    [Fact]
    public async Task Who_is_given_a_place_and_never_hears_of_it_holds_it_no_longer_than_others()
    {
        await FillAsync();
        _ = Enumerable.Range(0, DrainPlaces.Places).Select(_ => _places.EnterAsync("gone")).ToArray();
        _time.Advance(DrainPlaces.Longest);
        var next = _places.EnterAsync("next");
        next.IsCompleted.ShouldBeFalse();

        _time.Advance(DrainPlaces.Longest);

        (await next).ShouldNotBeNull();
    }

    private async Task<IDisposable[]> FillAsync()
    {
        var held = new List<IDisposable>();
        for (var place = 0; place < DrainPlaces.Places; place++)
        {
            held.Add(await _places.EnterAsync("held"));
        }

        return [.. held];
    }
}
