namespace StellarPay.Adapters.Tests.Postgres.Orleans;

/// <summary>A grain that does to its state what grains do: counts, raises events, falls due, and can be cleared.</summary>
[Alias("tests.ITallyGrain")]
public interface ITallyGrain : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> AddAsync(int by, string? eventId, DateTimeOffset? dueAt);

    [Alias("Get")]
    Task<int> GetAsync();

    [Alias("Exists")]
    Task<bool> ExistsAsync();

    [Alias("Clear")]
    Task ClearAsync();

    /// <summary>Adds without having seen what was written behind its back; returns the exception's type if refused.</summary>
    [Alias("TryAdd")]
    Task<string?> TryAddAsync(int by);

    [Alias("Remind")]
    Task RemindAsync(string name, TimeSpan due, TimeSpan period);

    [Alias("Forget")]
    Task<bool> ForgetAsync(string name);
}
