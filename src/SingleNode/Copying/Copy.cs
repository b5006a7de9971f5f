namespace StellarPay.SingleNode;

/// <summary>
/// Copies what a caller and a callee would otherwise share, as Orleans does by serialising; immutable messages pass by
/// reference.
/// </summary>
internal static class Copy<T>
{
    public static readonly bool IsNeeded = !ImmutableTypes.Contains(typeof(T));

    public static T Of(T value) => IsNeeded && value is not null ? (T)DeepCopy.Of(value) : value;
}
