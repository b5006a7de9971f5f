using StellarPay.Frontdoor.Messages.Budgets;

namespace StellarPay.Frontdoor.Notices;

/// <summary>
/// What the notices of one page have taken of people's days. Where they are not written after all it is given back: a page that is made
/// again and again would else use up the day of all who are in it, and they would be told nothing.
/// </summary>
internal sealed class PageCosts(MessageBudget budget)
{
    private readonly List<MessageShare> _shares = [];

    /// <summary>Notes what was taken for one.</summary>
    public void Took(MessageShare share) => _shares.Add(share);

    /// <summary>Gives back all of it.</summary>
    public async Task TakeBackAsync()
    {
        MessageShare[] shares = [.. _shares];
        _shares.Clear();
        await budget.ReturnAsync(shares, CancellationToken.None);
    }
}
