namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>What the form of a payer's page says.</summary>
internal static class PageForm
{
    /// <summary>The fields; none where it is no form, or one that cannot be read: whoever sent it is asked again.</summary>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return FormCollection.Empty;
        }

        try
        {
            return await request.ReadFormAsync(cancellationToken);
        }
        // Parts without a boundary, too many of them, or an end in the midst of one; a request that is too long says so by itself.
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException))
        {
            return FormCollection.Empty;
        }
    }
}
