namespace StellarPay.Grains.Storage;

/// <summary>An activation of a durable grain, as the parts see it of which the grain is composed.</summary>
internal interface IActivation
{
    /// <summary>The grain's key.</summary>
    string Key { get; }

    /// <summary>Makes references to grains; also once this activation has ended.</summary>
    IGrainFactory Grains { get; }

    /// <inheritdoc cref="DurableGrain{TState}.InTurnAsync{T}" />
    Task<T> InTurnAsync<T>(Func<Task<T>> decide);

    /// <summary>The same, of what gives nothing.</summary>
    Task InTurnAsync(Func<Task> decide);

    /// <inheritdoc cref="DurableGrain{TState}.RunBeside" />
    void RunBeside(Func<Task> work);

    /// <summary>Writes the state. Where that fails, what is stored is read again before anybody is served.</summary>
    /// <param name="faultPoint">A fault point of tests and chaos before the write; null for none.</param>
    Task SaveAsync(string? faultPoint = null);
}
