using Microsoft.Playwright;

namespace StellarPay.Frontdoor.Tests.Browsers;

/// <summary>A real browser, for what only a browser can say: Debian's Chromium, without a window. One for a class of tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    // As long as tests wait for anything; the browser shares a machine with ledgers and front doors.
    private const float Patience = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            // As root it has no sandbox. The page comes from an origin that is played, and the front door is this machine's.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-features=LocalNetworkAccessChecks"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A profile of somebody, as his device is.</summary>
    internal async Task<IBrowserContext> NewProfileAsync(BrowserNewContextOptions device)
    {
        Assert.SkipWhen(_browser is null, "There is no Chromium: apt-get install chromium.");
        var profile = await _browser!.NewContextAsync(device);
        profile.SetDefaultTimeout(Patience);
        return profile;
    }

    /// <summary>A page of an origin, in a profile of its own, with an authenticator such as a phone's; it comes from no net.</summary>
    internal async Task<AppPage> OpenAsync(string origin, Uri api, bool verifiesUser = true)
    {
        Assert.SkipWhen(_browser is null, "There is no Chromium: apt-get install chromium.");
        var page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        await page.RouteAsync($"{origin}/**", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html", Body = AppPage.Html,
        }));
        await page.GotoAsync($"{origin}/");
        return await AppPage.OfAsync(page, api, verifiesUser);
    }
}
