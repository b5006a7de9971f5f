using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;
using StellarPay.Tests.Shared.Node;
using IRequest = Microsoft.Playwright.IRequest;

namespace StellarPay.Frontdoor.Tests.Browsers;

/// <summary>A session's page in the browser, and all that the browser did and complained about meanwhile.</summary>
internal sealed class PayersPage : IAsyncDisposable
{
    // What one looks at it by: all rules, and that what is touched is large enough, which is not among them.
    private const string Look =
        """
        () => axe.run(document, { iframes: false, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })
          .then(found => found.violations.map(one =>
            `${one.id}: ${one.nodes.map(node => `${node.html} ${node.failureSummary}`).join(' | ')}`))
        """;

    private static readonly string Pictures = typeof(PayersPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PictureFolder").Value!;

    private readonly ConcurrentQueue<IRequest> _requests = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    private PayersPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => _requests.Enqueue(request);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Text} {message.Location}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What the browser asked for.</summary>
    public IReadOnlyCollection<IRequest> Requests => _requests;

    /// <summary>What it refused to do, what failed, and what scripts threw.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>What is asked of wallets.</summary>
    public async Task<string> UriAsync() => (await Page.Locator("a.button").GetAttributeAsync("href")).ShouldNotBeNull();

    public static async Task<PayersPage> OpenAsync(IBrowserContext profile, string url)
    {
        var page = new PayersPage(await profile.NewPageAsync());
        await page.Page.GotoAsync(url);
        return page;
    }

    /// <summary>Where a picture is kept.</summary>
    public static string PictureOf(string name) => Path.Combine(Pictures, $"checkout-{name}.png");

    public Task UntilAsync(string state) => Page.Locator($"main[data-state={state}]").WaitForAsync();

    /// <summary>Finds nothing that keeps anybody from using it, nothing beyond its edge, and keeps a picture.</summary>
    public async Task ShouldBeFitForAllAsync(string name)
    {
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = PictureOf(name), FullPage = true });
        await ShouldBeFitAsync(Page.MainFrame, name);
    }

    /// <summary>The same of a page within the page, whose picture is the whole page's.</summary>
    public static async Task ShouldBeFitAsync(IFrame frame, string name)
    {
        await frame.EvaluateAsync(await NodeScripts.ReadAsync("axe-core", "axe.min.js"));
        (await frame.EvaluateAsync<string[]>(Look)).ShouldBeEmpty(name);
        (await frame.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0, name);
    }

    /// <summary>How much it took, as it came over the net, without its QR code and without what goes on.</summary>
    public async Task<int> WeightAsync()
    {
        var weight = 0;
        foreach (var request in _requests.Where(each => each.ResourceType is "document" or "stylesheet" or "script" or "font"))
        {
            var sizes = await request.SizesAsync();
            weight += sizes.ResponseBodySize + sizes.ResponseHeadersSize;
        }

        return weight;
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
