using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace StellarPay.Grains;

/// <summary>Holds options to their data annotations: a wrong setting stops the start with a sentence that names it.</summary>
/// <typeparam name="T">The options.</typeparam>
internal sealed class OptionsRules<T> : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var results = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(results.Select(r => r.ErrorMessage ?? "A setting is wrong."));
    }
}
