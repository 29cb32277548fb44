namespace Rer.Web.RunList;

/// <summary>What the list of runs can show of a run besides its design.</summary>
public enum RunColumn
{
    /// <summary>Whether it runs, waits or has ended.</summary>
    State,

    /// <summary>The policy's name.</summary>
    Policy,

    /// <summary>The training prompts' name.</summary>
    Data,

    /// <summary>The gold model's name.</summary>
    Gold,

    /// <summary>The options on which the runs shown differ, a column each.</summary>
    Options,

    /// <summary>PPO steps completed.</summary>
    Step,

    /// <summary>Spearman's rho of proxy and gold.</summary>
    Rho,

    /// <summary>Kendall's tau of proxy and gold.</summary>
    Tau,

    /// <summary>What the rules say.</summary>
    Verdict,

    /// <summary>Proxy and gold as small lines.</summary>
    Curve,

    /// <summary>Gold before training.</summary>
    Start,

    /// <summary>Highest gold so far.</summary>
    Best,

    /// <summary>Gold at the last evaluation.</summary>
    Final,

    /// <summary>Time on the device.</summary>
    Hours,

    /// <summary>When it was launched.</summary>
    Launched,

    /// <summary>Tags.</summary>
    Tags,

    /// <summary>The note.</summary>
    Notes,
}
