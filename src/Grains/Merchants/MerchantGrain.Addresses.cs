using StellarPay.Grains.Results;

namespace StellarPay.Grains.Merchants;

/// <summary>What accounts of its sessions' own ask of it, and count with it.</summary>
internal sealed partial class MerchantGrain
{
    // One that was counted and not opened is counted all the same: a merchant's day is a bound, and no promise.
    public async Task<Result<int>> TakeAddressAsync()
    {
        if (await GetFactsAsync() is { IsSuccess: false, Error: { } refusal })
        {
            return refusal;
        }

        var left = AddressDays.Take(State, services.Addresses.Value.PerDayOf(State.Tier), Now);
        if (left.IsSuccess)
        {
            await WriteAsync();
        }

        return left;
    }

    // Interleaves, and reads one object.
    public Task<Result<int>> GetSweepsAsync(bool isLittle) =>
        Task.FromResult(AddressDays.SweepsOf(State, services.Addresses.Value.SweepsPerDayOf(State.Tier), isLittle, Now));

    // What is a payer's is stored with what is booked by it; of what strangers cause nothing may be, and it is few.
    public Task CountSweepAsync(bool isLittle)
    {
        AddressDays.CountSweep(State, isLittle, Now);
        return isLittle ? WriteAsync() : Task.CompletedTask;
    }
}
