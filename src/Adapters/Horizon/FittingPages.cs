using System.Globalization;
using System.Runtime.CompilerServices;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// Reads what ledgers hold in pages that are as long as an answer may be: how long a record is, a stranger chooses. A page that
/// is too long is asked for again with half as many records, and what is too long alone is passed over. So nothing that anybody
/// writes keeps what comes after it from being read.
/// </summary>
internal static class FittingPages
{
    /// <param name="places">From where to where.</param>
    /// <param name="most">The most records that a page is asked for.</param>
    /// <param name="ask">Asks for a page.</param>
    /// <param name="passOver">What is at the place after a cursor, and what stands for it, or null: it is too long alone.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        LedgerPlaces places,
        int most,
        Func<PageQuery, Task<HorizonPage<T>>> ask,
        Func<long, Task<(long Place, T? Instead)>> passOver,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IHorizonRecord
    {
        var (cursor, limit) = (places.Beginning, most);
        while (cursor < places.End)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await FitsAsync(() => ask(new PageQuery { Cursor = LedgerPages.Text(cursor), Limit = limit })) is { } page)
            {
                foreach (var record in page.Records.TakeWhile(record => PlaceOf(record) < places.End))
                {
                    yield return record;
                }

                cursor = page.Records.Count < limit ? places.End : PlaceOf(page.Records[^1]);
                limit = Math.Min(most, limit * 2);
            }
            else if (limit > 1)
            {
                limit /= 2;
            }
            else
            {
                var (place, instead) = await passOver(cursor);
                if (instead is not null && place < places.End)
                {
                    yield return instead;
                }

                cursor = place;
            }
        }
    }

    // Null where it is too long.
    private static async Task<HorizonPage<T>?> FitsAsync<T>(Func<Task<HorizonPage<T>>> ask)
        where T : class, IHorizonRecord
    {
        try
        {
            return await ask();
        }
        catch (HorizonException e) when (e.IsTooLong)
        {
            return null;
        }
    }

    private static long PlaceOf(IHorizonRecord record) =>
        long.Parse(record.PagingToken, NumberStyles.None, CultureInfo.InvariantCulture);
}
