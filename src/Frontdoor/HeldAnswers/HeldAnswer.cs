namespace StellarPay.Frontdoor.HeldAnswers;

/// <summary>
/// The body of an answer, held back until it is known whether it goes out. For answers that have a limit each, so that what is held is
/// small; a WebSocket writes elsewhere.
/// </summary>
internal sealed class HeldAnswer : IDisposable
{
    private readonly MemoryStream _held = new();
    private readonly HttpContext _context;

    private HeldAnswer(HttpContext context) => _context = context;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Body => _held.GetBuffer().AsSpan(0, (int)_held.Length);

    /// <summary>Has a request answered, and holds back what is written. Dispose it; what was not released is gone.</summary>
    public static async Task<HeldAnswer> OfAsync(HttpContext context, RequestDelegate next)
    {
        var held = new HeldAnswer(context);
        var body = context.Response.Body;
        context.Response.Body = held._held;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        return held;
    }

    /// <summary>Lets it go out as it was written.</summary>
    public Task ReleaseAsync()
    {
        _held.Position = 0;
        return _held.CopyToAsync(_context.Response.Body, _context.RequestAborted);
    }

    public void Dispose() => _held.Dispose();
}
