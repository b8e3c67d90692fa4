"""What the libraries raise, as an answer."""


def guarded(work):
    """What `work` returns, or what it raised. A panic of the Rust library is no Exception, but a BaseException."""
    try:
        return {"value": work()}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001
        return {"error": f"{type(error).__name__}: {error}"}
