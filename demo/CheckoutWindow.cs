using Microsoft.Playwright;

namespace StellarPay.Demo;

/// <summary>The page where a session is paid, in a browser without a window; pictures tell what it shows.</summary>
internal sealed class CheckoutWindow : IAsyncDisposable
{
    private const int DeadlineMilliseconds = 60_000;

    private static readonly string[] Programs =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    private readonly string _folder;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;

    private CheckoutWindow(string folder, IPlaywright playwright, IBrowser browser, IPage page) =>
        (_folder, _playwright, _browser, _page) = (folder, playwright, browser, page);

    /// <summary>Opens the page; null where there is no Chromium, or none that starts.</summary>
    public static async Task<CheckoutWindow?> OpenAsync(string url)
    {
        if (Array.Find(Programs, File.Exists) is not { } program)
        {
            return null;
        }

        var folder = Path.Combine(Environment.GetEnvironmentVariable("STELLARPAY_STATE") ?? Path.GetTempPath(), "demo");
        Directory.CreateDirectory(folder);
        var playwright = await Playwright.CreateAsync();
        IBrowser browser;
        try
        {
            browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,
                // As root it has no sandbox; what it shows is our own.
                Args = Environment.UserName == "root" ? ["--no-sandbox", "--disable-dev-shm-usage"] : [],
            });
        }
        catch (PlaywrightException e)
        {
            Narration.Say($"{program} does not start, so the page is not shown: {e.Message.Split('\n')[0]}");
            playwright.Dispose();
            return null;
        }

        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 420, Height = 900 } });
        await page.GotoAsync(url);
        return new CheckoutWindow(folder, playwright, browser, page);
    }

    /// <summary>Waits until the page is in a state, by itself, and takes a picture.</summary>
    /// <returns>What its heading says, and the picture's file.</returns>
    public async Task<(string Heading, string Picture)> SeeAsync(string state)
    {
        try
        {
            await _page.Locator($"main[data-state={state}]").WaitForAsync(new LocatorWaitForOptions { Timeout = DeadlineMilliseconds });
        }
        catch (TimeoutException e)
        {
            throw new DemoException($"The page never was {state}: {e.Message}");
        }

        var picture = Path.Combine(_folder, $"checkout-{state}.png");
        await _page.ScreenshotAsync(new PageScreenshotOptions { Path = picture, FullPage = true });
        return (await _page.Locator("#state").InnerTextAsync(), picture);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
