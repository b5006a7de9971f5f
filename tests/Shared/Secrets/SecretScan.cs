namespace StellarPay.Tests.Shared.Secrets;

/// <summary>Something that others can see: an answer, a log line, a column of a table.</summary>
internal sealed record Place(string Name, byte[] Bytes)
{
    public static Place OfText(string name, string text) => new(name, System.Text.Encoding.UTF8.GetBytes(text));
}

/// <summary>Looks for secrets where they must not be.</summary>
internal static class SecretScan
{
    /// <summary>Which secret was found where and in which form; never the secret itself.</summary>
    public static string[] Find(IEnumerable<Secret> secrets, IReadOnlyCollection<Place> places) =>
    [
        .. from secret in secrets
           from form in secret.Forms.DistinctBy(form => Convert.ToHexString(form.Value))
           from place in places
           where place.Bytes.AsSpan().IndexOf(form.Value) >= 0 && !secret.MayBeAt(place.Name)
           select $"{secret.Name} ({form.Key}) in {place.Name}",
    ];
}
