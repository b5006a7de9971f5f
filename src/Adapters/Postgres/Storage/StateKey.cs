using Npgsql;

namespace StellarPay.Adapters.Postgres.Storage;

/// <summary>Which state of which grain: what identifies a row, beside the service.</summary>
internal readonly record struct StateKey(string StateName, string GrainKey)
{
    /// <summary>
    /// The key of a grain. Orleans' ADO.NET provider takes a key that looks like a GUID or a number for one, which no row is
    /// found by, or worse, stores <c>0+abc</c> under <c>abc</c>; and no text in PostgreSQL holds a NUL or half a surrogate pair.
    /// Such keys are refused before anything is sent, whichever provider it is.
    /// </summary>
    /// <exception cref="PostgresException">The key is none; the SQLSTATE is the one of <c>grain_state_write</c>.</exception>
    public static StateKey Of(string stateName, GrainId grainId)
    {
        var key = grainId.Key.ToString() ?? "";
        if (key.Length == 0 || grainId.TryGetGuidKey(out _, out _) || grainId.TryGetIntegerKey(out _, out _))
        {
            throw Refusal(
                PostgresErrorCodes.InvalidParameterValue,
                $"state {stateName}: the grain key is not a prefixed string; Orleans read it as a GUID or a number");
        }

        return IsText(key)
            ? new StateKey(stateName, key)
            : throw Refusal(
                PostgresErrorCodes.CharacterNotInRepertoire, $"state {stateName}: the grain key has a NUL or half a character");
    }

    private static bool IsText(string key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (i + 1 < key.Length && char.IsSurrogatePair(key[i], key[i + 1]))
            {
                i++;
            }
            else if (key[i] == '\0' || char.IsSurrogate(key[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static PostgresException Refusal(string sqlState, string message) => new(message, "ERROR", "ERROR", sqlState);
}
