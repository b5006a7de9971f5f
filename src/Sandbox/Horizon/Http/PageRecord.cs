using System.Text.Json;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>A record of a list: its paging token, which is also its id in a stream, and how it is written.</summary>
internal readonly record struct PageRecord(string PagingToken, Action<Utf8JsonWriter> Write);

/// <summary>Fetches a page; called again with a later cursor for each ledger while a client streams.</summary>
internal delegate IReadOnlyList<PageRecord> FetchPage(PageRequest page);
