using Microsoft.Extensions.Time.Testing;
using StellarPay.Grains.Ledger;

namespace StellarPay.Grains.Tests.Network;

/// <summary>When a ledger closes only some drain at once; but nobody is held by another.</summary>
public sealed class DrainPlacesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Who_comes_when_all_places_are_taken_waits_for_the_first_that_is_given_back()
    {
        var places = new DrainPlaces(_time);
        var taken = await TakeAllAsync(places);
        var next = places.EnterAsync().AsTask();
        next.IsCompleted.ShouldBeFalse();

        taken[3]!.Dispose();

        (await next).ShouldNotBeNull();
        places.EnterAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_place_that_is_held_for_too_long_is_free_again_and_given_back_once()
    {
        var places = new DrainPlaces(_time);
        var taken = await TakeAllAsync(places);

        _time.Advance(DrainPlaces.Longest);
        foreach (var place in taken)
        {
            place!.Dispose();
        }

        // As many as before, and no more.
        (await TakeAllAsync(places)).ShouldAllBe(place => place != null);
        places.EnterAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_has_waited_long_enough_goes_on_without_a_place()
    {
        var places = new DrainPlaces(_time);
        await TakeAllAsync(places);
        _time.Advance(DrainPlaces.Longest / 2);
        foreach (var _ in Enumerable.Range(0, DrainPlaces.Places))
        {
            places.EnterAsync().IsCompleted.ShouldBeFalse();
        }

        var last = places.EnterAsync().AsTask();
        // At the half those before it get the places that were held too long; it hears at its own end.
        _time.Advance(DrainPlaces.Longest / 2);
        last.IsCompleted.ShouldBeFalse();
        _time.Advance(DrainPlaces.Longest / 2);

        await last;
    }

    private static async Task<IDisposable?[]> TakeAllAsync(DrainPlaces places)
    {
        var taken = new List<IDisposable?>();
        for (var i = 0; i < DrainPlaces.Places; i++)
        {
            taken.Add(await places.EnterAsync());
        }

        return [.. taken];
    }
}
