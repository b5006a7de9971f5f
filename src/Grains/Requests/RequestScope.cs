using System.Collections;

namespace StellarPay.Grains.Requests;

/// <summary>The logging scope of a request: <c>request_id</c>, for people and for structured logs.</summary>
public sealed class RequestScope(string id) : IReadOnlyList<KeyValuePair<string, object>>
{
    public int Count => 1;

    public KeyValuePair<string, object> this[int index] =>
        index == 0 ? new("request_id", id) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        yield return this[0];
    }

    public override string ToString() => $"request_id:{id}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
